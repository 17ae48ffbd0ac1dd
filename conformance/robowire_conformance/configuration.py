"""The one error for what a person has got wrong on the command line or in a file."""


class ConfigurationError(Exception):
    """The person's command or file is wrong; the text is one sentence that says what to do."""
