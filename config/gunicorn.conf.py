"""How gunicorn runs the site: ``gunicorn -c config/gunicorn.conf.py creditsite.wsgi:app``.

``credit-site serve`` uses this file and sets address, workers and their class by options. Behind a buffering
proxy ``sync`` workers are best; facing clients itself, threads keep a slow one from blocking a worker.
"""

from creditsite import serve

bind = "127.0.0.1:8000"
workers = serve.default_workers()
worker_class = "sync"
threads = 1
# A request that takes longer is a fault; reads of the register end within five seconds by themselves.
timeout = 30
graceful_timeout = 20
keepalive = 5
# Workers are renewed now and then, not all at once: whatever leaks, leaks little.
max_requests = 100_000
max_requests_jitter = 10_000
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# Whoever can open the control socket can stop the server; gunicorn 25.1 and later open it by default.
control_socket_disable = True
# Only headers of HTTP decide anything: no proxy may set WSGI's own variables.
forwarder_headers = ""
# One log, in JSON, without addresses and queries: creditsite.logs writes it.
accesslog = None
logger_class = "creditsite.logs.GunicornLogger"
proc_name = "credit-site"
on_starting = serve.before_workers
child_exit = serve.forget_worker
