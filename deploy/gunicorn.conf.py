"""How gunicorn serves the portal; addresses come from the command line or GUNICORN_CMD_ARGS."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 30
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 8190
control_socket_disable = True
preload_app = True  # loaded once, then forked; nothing is connected before the fork
