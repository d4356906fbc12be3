"""The emulator over HTTPS on loopback: certificates, the listening sockets, the intercepting proxy.

A thin shell around `Emulator.handle`, on `http.server` and `ssl` of the standard library: one thread per
connection is what the clients need, and no ASGI or WSGI server lets a CONNECT request turn its connection
into TLS, which the proxy is made of. cryptography makes the certificates.
"""
