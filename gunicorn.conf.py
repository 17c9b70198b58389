"""How gunicorn serves the portal; every value can be overruled on its command line."""

wsgi_app = "badges_portal.wsgi"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
"""Loaded once, before the workers fork: a wrong setting stops the start in one sentence, and fonts are shared."""
timeout = 60
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
worker_tmp_dir = "/dev/shm"  # noqa: S108
forwarded_allow_ips = "127.0.0.1"
