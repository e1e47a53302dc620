"""How often one visitor may do what. Counted per address of origin; shared between processes where Redis is set."""

#: Writing forms that cause a mail to leave. Generous: hundreds of people share one address at a school or behind a carrier.
SIGN = "120 per minute; 1200 per hour"
START = "20 per minute; 100 per hour"
#: Pressing a button on a mailed page.
TOKEN = "300 per minute"
#: Opening links that are none: nobody guesses one, and nobody needs to try.
WRONG_LINK = "120 per minute"
#: Guessing staff passwords.
SIGN_IN = "10 per minute; 100 per hour"
