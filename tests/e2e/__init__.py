"""The whole portal in a browser: web, worker and beat as they run in earnest."""
