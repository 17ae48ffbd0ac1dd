"""The query engine: windows, aggregations and points over sorted numpy columns. It knows no HTTP and no JSON."""
