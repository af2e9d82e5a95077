"""Messages of Django and of the sign-in package that our catalogue words itself, as official sites do in Chinese."""

from django.utils.translation import gettext_noop, ngettext_lazy

SIGN_IN_MESSAGES = [
    gettext_noop("Add Email"),
    gettext_noop("Add Email Address"),
    gettext_noop("Authenticator App"),
    gettext_noop("Authenticator code"),
    gettext_noop("Confirm Access"),
    gettext_noop("Current Password"),
    gettext_noop("Email"),
    gettext_noop("Email Addresses"),
    gettext_noop("Email address"),
    gettext_noop("Make Primary"),
    gettext_noop("Name"),
    gettext_noop("New Password (again)"),
    gettext_noop("Not used."),
    gettext_noop("Passkey"),
    gettext_noop("Password (again)"),
    gettext_noop("Password successfully changed."),
    gettext_noop("Passwordless"),
    gettext_noop("Please reauthenticate to safeguard your account."),
    gettext_noop("Primary"),
    gettext_noop("Re-send Verification"),
    gettext_noop("Recovery Codes"),
    gettext_noop("Security Keys"),
    gettext_noop("Sign in with a passkey"),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The following email addresses are associated with your account:"),
    gettext_noop("This key does not indicate whether it is a passkey."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("Two-Factor Authentication"),
    gettext_noop("You have signed out."),
]

HOLIDAYS = [
    gettext_noop("Dragon Boat Festival"),
    gettext_noop("Labour Day"),
    gettext_noop("Mid-autumn Festival"),
    gettext_noop("National Day"),
    gettext_noop("New Year's Day"),
    gettext_noop("Spring Festival"),
    gettext_noop("Tomb-sweeping Day"),
]

FORM_MESSAGES = [
    gettext_noop("- Select an option -"),
    gettext_noop("Enter a valid email address."),
    gettext_noop("The two password fields didn’t match."),
    gettext_noop("This field is required."),
    gettext_noop("This password is too common."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("Your password can’t be a commonly used password."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
]
