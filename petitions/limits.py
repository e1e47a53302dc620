"""How often one visitor, one mailbox, one origin may do what, and why the numbers are what they are.

Floods are shed with 429 before any work is done: counted per address of origin (IPv6: per /64), shared between processes
where Redis is set. Everything finer is counted in the database, exactly, and nobody is turned away by it: over the limit a
signature is held for staff, and a mail is not sent.
"""

#: Writing forms that cause a mail to leave. Generous: hundreds of people share one address at a school or behind a carrier.
SIGN = "120 per minute; 1200 per hour"
START = "20 per minute; 100 per hour"
#: Reporting a petition. Nobody has much to report, and a school may share one address.
REPORT = "10 per minute; 60 per hour"
#: Pressing a button on a mailed page.
TOKEN = "300 per minute"
#: Opening links that are none: nobody guesses one, and nobody needs to try.
WRONG_LINK = "120 per minute"
#: Reading JSON, CSV and feeds. Five requests a second all through a minute; whoever wants everything takes the nightly dump.
#: The live count of a petition is not counted: a hundred thousand people may watch it from one carrier's address.
API = "300 per minute; 6000 per hour"
#: Pictures for social media that had to be drawn, some hundredths of a second of a processor each; one that is kept costs
#: nothing. For one origin: more than a page of links shows. For everybody (in each process; with Redis, in all together): a
#: third of one processor.
CARDS = "60 per minute; 600 per hour"
ALL_CARDS = "5 per second"
#: Guessing staff passwords.
SIGN_IN = "10 per minute; 100 per hour"

#: Mails that somebody else can cause by typing an address: to one mailbox about one petition in 24 hours. One that was lost
#: can be asked for again; a household of two gets its two links.
MAILS_ABOUT_ONE = 2
#: To one mailbox about everything in 24 hours: who signs five petitions in an evening is served, a victim hardly disturbed.
MAILS_A_DAY = 5
#: And in 30 days: three full days of it.
MAILS_A_MONTH = 15

#: Signatures from one IPv4 address, or one IPv6 /64, in an hour. A lecture hall or a village behind one carrier's address
#: (300 people) signs, some of them twice.
ORIGIN_AN_HOUR = 500
#: From one IPv6 /48, which a provider may give to a single customer: 65 536 networks of the size above.
NETWORK_AN_HOUR = 1_000
#: From one mail domain on one petition in an hour, where the domain is not trusted. Whoever owns a domain has all its
#: addresses; a company's or a small provider's people seldom come so many at once.
DOMAIN_AN_HOUR = 100

#: Faster than this nobody reads a petition and types four answers, in seconds. It holds nothing alone: browsers fill in forms.
QUICK_SECONDS = 3
