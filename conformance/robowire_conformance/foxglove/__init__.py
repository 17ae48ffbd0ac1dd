"""Checks of the Foxglove API, one module per page of its document and per matter that the pages share."""
