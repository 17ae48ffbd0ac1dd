"""Checks of the Losant Data API, one module per action of its document and per matter that the actions share."""
