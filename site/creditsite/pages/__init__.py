"""The pages, one blueprint per subject: ``files home search subject record people about log health``."""
