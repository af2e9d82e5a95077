"""What people type about organisations, one file per page."""
