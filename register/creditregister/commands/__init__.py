"""The commands of ``credit-register``, one file a subject; ``group`` is shared by all three programs."""
