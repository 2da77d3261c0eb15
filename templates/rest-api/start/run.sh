# Starts the server: PORT and DATA are set.
exec python3 server.py
