"""A walk through the service: python3 main.py"""

import os
import time

from auth.service import AuthService

mails = []
service = AuthService(time.time, os.urandom, lambda email, token: mails.append((email, token)), os.urandom(32))
print("registered as", service.register("Ann@Example.org", "correct horse"))
session = service.login("ann@example.org", "correct horse")
print("signed in as", service.whoami(session))
print("remembered by", service.remember(session)[:14] + "...")
service.forgot_password("ANN@example.org")
service.reset_password(mails[0][1], "battery staple")
print("signed in again as", service.whoami(service.login("ann@example.org", "battery staple")))
