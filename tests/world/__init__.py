"""A loopback world: the sample week behind Yahoo, HKEXnews and RTHK, reached by environment variables alone.

An HTTPS server with a throwaway authority, a CONNECT proxy that always dials it, and a control port for faults.
The program under test is the real one: it resolves, connects and parses as it would outside.
"""
