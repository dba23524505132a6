"""Names of persons in free text: after a role word, before personal data; and home addresses."""
