"""An .xlsx read by our own scan of its XML."""
