"""The suite that tells whether a server behaves as documented, and its harness."""
