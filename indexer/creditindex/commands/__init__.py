"""The subcommands of ``credit-index``, one module each."""
