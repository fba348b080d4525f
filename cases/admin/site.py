"""The admin's name, and which of the queue's tables an operator gets to see."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_q.models import OrmQ, Schedule, Success

admin.site.site_header = _("Xiaoka administration")
admin.site.site_title = _("Xiaoka")
admin.site.index_title = _("Overview")
# Its text is one link for all requests; the product's own pages are at /.
admin.site.site_url = "/"

# The list of cases needs the width, and the overview is one click away.
admin.site.enable_nav_sidebar = False

# Failed jobs stay: there they are read and sent again. What waits in the queue, what ran well and the standing
# schedules are the product's own (`cases.queue.ensure_schedules` sets them again); editing them only breaks things.
admin.site.unregister([OrmQ, Schedule, Success])

# Addresses, second factors and sessions are their owners'; who lost a second factor: manage.py remove_second_factor.
admin.site.unregister([EmailAddress, Authenticator, UserSession])
