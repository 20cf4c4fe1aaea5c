# All texts that people are shown, in English.
#
# A problem has its code as its name. The value is the heading of the page, `.text` says what
# happened in one or two plain sentences, and `.remedy` says what to do now.

## Shared by several problems

-help-desk = Tell your help desk the code and request number below.
-log-in-again = Log in again. If it keeps failing, tell your help desk the code below.
-goes-on = This page goes on by itself as soon as it can.
-from-the-list = Check the link, or start from the list of portals.

## In place of the remedy, where a page must not be asked for again by itself

of-sent-form = Go back to the form. Before you send it again, check whether it is among your requests.
of-answer = Wait a minute, then log in again.

## The request itself

bad-request = This address cannot be opened
    .text = The address, or what was sent with it, is not as it should be, so the request was not passed on.
    .remedy = { -from-the-list }

method-not-allowed = This kind of request is not accepted
    .text = The method of the request is not one that the portal uses.
    .remedy = Go back and follow a link or button of the page.

headers-too-large = Your browser sent too much
    .text = The request's headers are larger than is accepted here; mostly it is cookies that have piled up.
    .remedy = Delete the cookies of this site and open the link again.

body-too-large = The upload is too large
    .text = At most { $limit } can be sent at once.
    .remedy = Attach a smaller file, or several one after the other.

text-too-long = What you wrote is too long
    .text = At most { $limit } of text can be sent at once.
    .remedy = Shorten it, or attach the long part as a file.

length-required = This has to be sent in another way
    .text = A long text has to come with its length; browsers send it by themselves.
    .remedy = Have the program send Content-Length, or attach the long part as a file.

too-many-texts = Too many people are sending long texts
    .text = There is no room for another long text right now. Nothing was sent.
    .remedy = Send it again in a moment.

wrong-host = Nothing is served under this name
    .text = The portals are at { $public_url }.
    .remedy = Open { $public_url } instead.

cross-site = This request came from another site
    .text = A page of another site tried to change something here; it was stopped.
    .remedy = If you meant to do this, open the portal and do it there.

stale-form = This page is out of date
    .text = The form belongs to an earlier login.
    .remedy = Go back, reload the page and try again.

path-not-open = This address is not open here
    .text = Only the portals can be reached here, and this address is another part of Jira.
    .remedy = Start from the list of portals. If you work in Jira, use its own address.

customer-unknown = Jira does not know you as a customer
    .text = The login here worked, but Jira asks for another one: it has no customer with your address, or is not set up to take the login from here.
    .remedy = { -help-desk } If you have another account, log in with that one.

too-many-requests = Too many requests at once
    .text = More requests of yours, or from your network's address, are under way than are served here at once.
    .remedy = { -goes-on }

too-many-websockets = Too many live connections at once
    .text = More pages with a live connection are open than are served here at once.
    .remedy = Close some of the portal's other tabs and try again.

request-too-slow = The upload came to a stop
    .text = What your browser sent came too slowly, or stopped on its way.
    .remedy = Look at your connection and try again.

too-many-logins = Too many logins at once
    .text = More logins began within a minute than are accepted here, from your network's address or by you.
    .remedy = { -goes-on }

link-used = This link is no longer valid
    .text = It could be opened once and for a short time only.
    .remedy = Ask whoever gave it to you for a new one.

emergency-network = This link cannot be opened from here
    .text = Links like this one open from certain networks only, and yours is not among them.
    .remedy = Open it from the network of your organisation; the link is not used up.

not-found = There is no such page
    .text = The address leads nowhere.
    .remedy = { -from-the-list }

## The customer's account

identity-too-large = Your account is in too many groups
    .text = What your organisation's login says about you takes { $bytes } bytes; the portal is told { $limit } at most.
    .remedy = Ask your help desk; somebody has to change what the login says about you.

customer-missing = The portal does not know you yet
    .text = You are logged in as { $who }, and the help desk system has no customer with that address.
    .remedy = Ask your help desk to add { $who } as a customer. If you have another account, log in with that one.

# $cause says why it cannot be told.
customer-unclear = It is not clear which customer you are
    .text = { $cause ->
        [no-email] You are logged in as { $who }, but your organisation's login tells no email address to find you by.
        [several] Several customers in the help desk system have the address { $who }.
        [hidden] The help desk system does not show which customer has the address { $who }.
        [taken] The customer with the address { $who } belongs to another login, perhaps of somebody who had the address before you.
        [inactive] The customer with the address { $who } is switched off in the help desk system.
       *[gone] The customer that your login { $who } belongs to is no longer there.
    }
    .remedy = { $cause ->
        [inactive] Ask your help desk to switch the customer { $who } on again.
        [no-email] Ask your help desk: the administrator has to let the login tell your address.
       *[other] Ask your help desk: the administrator has to choose your customer account, with the command “jsm-gate customers bind”, for { $who }.
    }

customer-not-listed = “{ $portal }” is open to its own customers only
    .text = You are logged in as { $who }, who is not among the customers of this portal.
    .remedy = Ask your help desk to add { $who } to the customers of “{ $portal }”. If you have another account, log in with that one.

customer-staff = This account is for work in Jira
    .text = You are logged in as { $who }, whose account in Jira is one of the team's. The customers' entrance does not log such accounts in.
    .remedy = Use Jira's own address for your work. If you have another account as a customer, log in with that one.

jira-denied = Jira does not let you in there
    .text = You are logged in as { $who }, and Jira says that this account may not see that page.
    .remedy = { -help-desk } If you have another account, log in with that one.

jira-login-refused = Jira did not take your login
    .text = The login here worked, but Jira does not accept what it was told about you. Its log says why.
    .remedy = { -help-desk }

jira-login-lost = Jira forgot your login
    .text = Jira accepted your login and did not know you any more at the next step.
    .remedy = Wait a minute and open the portal again. If that does not help: { -help-desk }

customers-unavailable = It cannot be looked up who you are
    .text = The help desk system does not answer at the moment. Nothing of yours is lost.
    .remedy = { -goes-on }

## The portal

portal-unknown = There is no such portal
    .text = No portal has this link.
    .remedy = Check the link for a typing mistake, or start from the list of portals.

portal-gone = This portal is no longer there
    .text = “{ $portal }” has been closed or moved.
    .remedy = Start from the list of portals, or ask your contact for the new link.

type-unavailable = This request cannot be made here
    .text = The form of “{ $name }” asks for something that this portal cannot show.
    .remedy = Tell your help desk the code below, or choose another kind of request.

portal-without-id = This portal is not set up yet
    .text = JSM does not tell the address of “{ $portal }”.
    .remedy = Your administrator can set `portal_id` for it in the configuration.

directory-empty = The portals are not known yet
    .text = The list of portals could not be read from the help desk system so far.
    .remedy = { -goes-on }

# $cause is the kind of rule. Nothing is told of what the rule says.
refused = You do not have access to “{ $portal }”
    .text = { $cause ->
        [other-provider] “{ $portal }” is open to those who log in elsewhere.
        [not-in-emergency] “{ $portal }” is not among those that your emergency access is for.
        [denied-group] “{ $portal }” is closed to a group that your account belongs to.
        [denied-email] “{ $portal }” is closed to your account.
        [denied-email-domain] “{ $portal }” is closed to the mail domain of your account.
        [denied-provider] “{ $portal }” is closed to accounts of the login that you used.
        [denied-claim] “{ $portal }” is closed because of something your organisation says about your account.
       *[not-listed] “{ $portal }” is open to selected customers only, and your account is not among them.
    }
    .remedy = If you have another account, log in with that one. If this account should have access, ask your contact at the help desk to let it in.

# $cause is what the rule asks for. Nothing is told of what the rule says.
access-unknown = It is not known whether “{ $portal }” is open to you
    .text = { $cause ->
        [unknown-groups] “{ $portal }” is open or closed depending on the groups of your account, and your login did not tell them.
        [unknown-email] “{ $portal }” is open or closed depending on your email address, and your login did not tell it.
       *[unknown-claim] “{ $portal }” is open or closed depending on what your organisation says about your account, and your login did not tell that.
    }
    .remedy = Log in again. If this page stays, tell your help desk its code; somebody has to change what your login tells.

other-provider = “{ $portal }” needs another login
    .text = “{ $portal }” is open to those who log in with “{ $provider }”.
    .remedy = Log in with “{ $provider }”; it takes the place of your present login here.

step-up-needed = “{ $portal }” needs another login
    .text = “{ $portal }” wants a stronger or a more recent login than yours.
    .remedy = Open it again; the login starts then.

step-up-failed = This login is not enough for “{ $portal }”
    .text = “{ $portal }” wants a stronger or a more recent login than the one just made.
    .remedy = Log in again with what your organisation asks for, such as a second factor; if that does not help, tell your help desk. Everything else is open to you as before.

login-needed = You are not logged in
    .text = You have to log in before you can do this; your last login may have ended.
    .remedy = Log in and try again.

## Applications that log people in here (SAML)

service-provider-unknown = There is no such application
    .text = The address is that of an application which is not known here.
    .remedy = { -from-the-list }

saml-request = This application's request cannot be answered
    .text = An application sent you here to log in, and what it sent is not as it should be.
    .remedy = Go back to the application and start again. If it keeps failing, tell your help desk the code and request number below.

saml-request-old = Too much time has passed
    .text = “{ $name }” sent you here to log in, and that was too long ago.
    .remedy = Open “{ $name }” again.

# $cause is what cannot be told.
not-vouched = You cannot be logged in to “{ $name }”
    .text = { $cause ->
        [no-address] “{ $name }” has to be told your email address, and your login did not tell it.
        [unverified] “{ $name }” has to be told your email address, and your login has not confirmed it.
        [characters] Something that your login says of you has characters in it that “{ $name }” cannot be told.
       *[missing] “{ $name }” has to be told something of you that your login did not tell.
    }
    .remedy = If you have another account, log in with that. Otherwise tell your help desk the code below; somebody has to change what your login tells.

too-many-answers = Too many people are being logged in
    .text = More people are being logged in to applications right now than there is room for.
    .remedy = { -goes-on }

## Behind the gate

sessions-unavailable = Logins cannot be checked right now
    .text = We cannot look up who is logged in.
    .remedy = { -goes-on }

emergency-unaudited = Emergency access is not possible right now
    .text = It has to be written down who comes in by it, and that did not work.
    .remedy = Tell whoever gave you the link; they can make a new one once it works again.

upstream-unreachable = The portal does not answer
    .text = The help desk system cannot be reached at the moment. You are still logged in.
    .remedy = { -goes-on }

upstream-busy = The portal is busy
    .text = The help desk system has more to do than it can at the moment. You are still logged in, and your request was not passed on.
    .remedy = { -goes-on }

upstream-slow = The portal takes too long
    .text = The help desk system did not answer in time. You are still logged in.
    .remedy = { -goes-on }

internal = Something went wrong here
    .text = We could not finish the request.
    .remedy = Try again; if it happens again, tell your help desk the code and request number below.

## A login that failed

provider-unreachable = Your organisation's login does not answer
    .text = “{ $provider }” cannot be reached at the moment, so nobody can log in.
    .remedy = This page goes on by itself as soon as it answers again.

login-loop = The login goes round in circles
    .text = { $cause ->
        [session-cookie-missing] You logged in several times within a minute, but your browser does not keep the cookie that says so.
       *[session-unknown] You logged in several times within a minute, but the login is not recognised afterwards.
    }
    .remedy = Allow cookies for this site and check the clock of your device, then log in again.

login-expired = This login is no longer open
    .text = { $cause ->
        [code-refused] The login was used before, or it took too long.
        [too-old] It took too long to log in.
        [spent] It was finished before, perhaps by a second click.
       *[not-pending] It was finished before, was started in another browser, or your browser does not keep cookies.
    }
    .remedy = Log in again. If you come back here, allow cookies for this site.

login-cancelled = You cancelled the login
    .text = You did not finish the login at your organisation. It answered { $answer }.
    .remedy = Log in again when you like.

login-timed-out = The login took too long
    .text = The login page of your organisation stood open for too long, or the login went on in another tab.
    .remedy = Log in again.

provider-busy = Your organisation's login cannot answer at the moment
    .text = It answered { $answer }.
    .remedy = Wait a minute, then log in again.

# Providers have one answer for those who cancel and those who may not log in.
provider-refused = Your organisation's login did not let you in
    .text = It answered { $answer }. Either the login was cancelled there, or this account may not log in here.
    .remedy = Log in as someone else, or tell your help desk the code below.

email-unverified = Your email address is not confirmed
    .text = Your organisation's login has not confirmed that { $email } is yours.
    .remedy = Confirm the address there and log in again, or log in as someone else.

email-invalid = Your email address cannot be used
    .text = { $email } is not an address whose owner can be told with certainty.
    .remedy = { -help-desk }

email-domain-elsewhere = This address logs in elsewhere
    .text = You logged in as { $email }, but such addresses log in with “{ $provider }”.
    .remedy = Log in there, or as someone else.

callback-invalid = This is not an answer to a login
    .text = { $cause ->
        [refused] The login was refused, but the answer does not say which login it comes from. So what it says is in the log only.
       *[no-answer] The address does not belong to a login that was started here.
    }
    .remedy = { -log-in-again }

issuer-mismatch = This is not an answer to a login
    .text = { $cause ->
        [refused] The login was refused, but the answer does not say which login it comes from. So what it says is in the log only.
       *[no-answer] The address does not belong to a login that was started here.
    }
    .remedy = { -log-in-again }

token-response = The login could not be checked
    .text = Your organisation's login gave an answer that does not prove who you are.
    .remedy = { -log-in-again }

token-invalid = The login could not be checked
    .text = Your organisation's login gave an answer that does not prove who you are.
    .remedy = { -log-in-again }

user-info-invalid = The login could not be checked
    .text = Your organisation's login gave an answer that does not prove who you are.
    .remedy = { -log-in-again }

provider-unknown = There is no such login
    .text = The address is of a login that is not set up here.
    .remedy = { -help-desk }

client-rejected = Logging in is not set up correctly
    .text = This site and your organisation's login do not understand each other.
    .remedy = { -help-desk }

request-refused = Logging in is not set up correctly
    .text = This site and your organisation's login do not understand each other.
    .remedy = { -help-desk }

login-cookie = Logging in is not set up correctly
    .text = This site and your organisation's login do not understand each other.
    .remedy = { -help-desk }

## Times, already in the customer's time zone

time-of-day = { $time }
time-today = today, { $time }
time-yesterday = yesterday, { $time }
time-this-year = { $day } { $short_month }, { $time }
time-other-year = { $day } { $short_month } { $year }, { $time }
day-in-full = { $day } { $month } { $year }
time-in-full = { $day } { $month } { $year }, { $time }

month-1 = January
    .short = Jan
month-2 = February
    .short = Feb
month-3 = March
    .short = Mar
month-4 = April
    .short = Apr
month-5 = May
    .short = May
month-6 = June
    .short = Jun
month-7 = July
    .short = Jul
month-8 = August
    .short = Aug
month-9 = September
    .short = Sep
month-10 = October
    .short = Oct
month-11 = November
    .short = Nov
month-12 = December
    .short = Dec

# $unit is bytes, kilo or mega.
size = { $unit ->
    [bytes] { $number } bytes
    [kilo] { $number } KB
   *[mega] { $number } MB
}

## The frame of every page

frame-skip = Skip to main content
frame-navigation = Main
frame-requests = My requests
frame-account = Account
frame-who = Logged in as { $who }
frame-help = Need help? { $contact }
frame-language = Language: { $language }
# $zone is a city.
frame-preferences = { $language }, { $zone } time
frame-log-out = Log out
frame-emergency = Emergency access
frame-emergency-text = as { $who } until { $until }. Everything you open is written down.
frame-emergency-end = End emergency access

## Words of several pages

one-moment = One moment
continue = Continue
post-text = If nothing happens, press the button to go on to { $host }.
you-are = You are logged in as { $who }.
login-again = Log in again
log-in-as-other = Log in as someone else
log-in-at = Log in with { $provider }
log-out-there-first = If { $provider } logs you in with the same account again, log out there first.
log-out-elsewhere-first = If your organisation logs you in with the same account again, log out there first, or open this page in a private window.
try-again = Try again
choose-another-login = Choose another login

## What a problem's page says for the help desk

problem-code = Code
problem-reason = Reason
problem-request = Request

## The login's pages

choose-title = Log in
choose-title-error = Error: Log in
choose-email = Your email address at work
choose-email-hint = It tells your organisation's login. You enter no password here.
choose-no-address = This is not a whole email address.
choose-no-provider = No login is known for this address. Look for a typing mistake, or choose your organisation.
choose-organisation = Choose your organisation
choose-or-organisation = Or choose your organisation

emergency-lets-in = This link lets { $account } in for { $minutes } minutes, to:
emergency-once = It works once. If that is not you, close this page. Who comes in by it is written down.
emergency-start = Start emergency access

logout-question = Log out?
logout-stay = Stay logged in
logged-out-title = Logged out
logged-out-heading = You are logged out
logged-out-there = You are logged out here and at { $at }. If this is not your own device, close the browser too.
logged-out-here = You are logged out here. Your organisation's own login may still be open in this browser. If this is not your own device, close the browser too.

same-account-title = The same account again
same-account-heading = You are logged in with the same account again
same-account-text = { $provider } did not ask for another account. You are still logged in as { $who }.
same-account-log-out = To use another account, log out at { $provider } first, then log in again.
same-account-private-window = To use another account, log out at { $provider } first, or open this page in a private window.
same-account-go-on = Go on with this account
log-out-at = Log out at { $provider }

tested-title = Test login
tested-heading = The test login worked
tested-text = The login says that you are { $account }. What else it says, and which portals that opens, is shown where the test was started.
tested-close = This was a test: you are not logged in here. Close this page.

## The customer's portals

home-title = Your portals
home-search = Find a portal
home-no-such = No portal has such a name. { $all }
home-show-all = Show all
home-none = No portal is open to { $who }.
home-none-remedy = If you have another account, log in with that one. If this account should have access, ask your contact at the help desk to let it in.

## The page on which a customer chooses language and time zone

preferences-title = Language and time zone
preferences-saved = Your preferences are saved.
preferences-language = Language
preferences-language-hint = Pages and messages. Texts that people wrote stay as they are.
preferences-zone = Time zone
# $time is the time of day there, $zone a city.
preferences-zone-hint = All times are shown in it. It is now { $time } in { $zone }.
preferences-zone-default = As the help desk ({ $zone })
preferences-save = Save preferences
preferences-me = You are logged in as
preferences-me-text = These come from your organisation's login. Ask there to have them changed.
preferences-name = Name
preferences-email = Email

zone-africa = Africa
zone-america = America
zone-antarctica = Antarctica
zone-asia = Asia
zone-atlantic = Atlantic Ocean
zone-australia = Australia
zone-europe = Europe
zone-indian = Indian Ocean
zone-pacific = Pacific Ocean

## The home page of a portal, and its search

portal-announcement = Announcement
portal-announcement-away = I have read this
portal-search-label = What do you need help with?
portal-search-hint = Finds request types and your own requests
portal-search-hint-articles = Finds request types, your own requests and help articles
portal-search-button = Search
portal-open-requests = Your open requests
portal-all-requests = See all my requests
portal-request-line = { $key } · updated { $time }
portal-old = The help desk system does not answer at the moment. You see what it said last, which may have changed.
portal-requests-away = Your requests cannot be shown now, because the help desk system does not answer. Nothing of them is lost.
portal-no-types = No request can be made here at the moment.

search-title = Search: { $words }
search-heading = Search
search-found = { $count ->
    [one] 1 result for “{ $words }”
   *[other] { $count } results for “{ $words }”
}
search-count-types = { $count ->
    [one] 1 request type
   *[other] { $count } request types
}
search-count-requests = { $count ->
    [one] 1 of your requests
   *[other] { $count } of your requests
}
search-count-articles = { $count ->
    [one] 1 help article
   *[other] { $count } help articles
}
# What a script says aloud while somebody types.
search-suggestions = { $count ->
    [0] No suggestions
    [one] 1 suggestion
   *[other] { $count } suggestions
}
search-nothing = Nothing found for “{ $words }”
search-types = Request types
search-requests = Your requests
search-other = Not what you were looking for?
search-other-text = Try other words, or fewer. The number of a request leads straight to it.

## The knowledge base

kb-articles = Help articles
kb-more = Does this not answer your question?

## The list of requests

requests-heading = My requests
requests-whose = Whose requests
requests-mine = Mine
requests-shared = Shared with me
requests-approvals = Waiting for my approval
requests-search = Search in these requests
requests-status = Status
requests-state-open = Open
requests-state-closed = Closed
requests-state-all = Open and closed
requests-more-filters = More filters
requests-any = All
requests-type = Request type
requests-portal = Portal
requests-from = Made from
requests-to = Made until
requests-sort = Sort by
requests-sort-updated = Last update
requests-sort-newest = Newest
requests-sort-oldest = Oldest
requests-columns = What is shown
requests-column-type = Request type
requests-column-portal = Portal
requests-column-by = Made by
requests-column-made = When it was made
requests-column-updated = Last update
requests-column-priority = Priority
requests-column-assignee = Who handles it
requests-column-sla = Agreed times
requests-show = Show requests
requests-csv = Download as CSV
requests-count = { $count ->
    [one] 1 request
   *[other] { $count } requests
}
requests-count-about = { $shown } of about { $count } requests
requests-pages = Pages
requests-next = Next page
requests-previous = Previous page
requests-first = First page
requests-title-nothing = My requests: nothing found
# $state is open, closed or all.
requests-none-words = { $state ->
    [open] No open request with “{ $words }”
    [closed] No closed request with “{ $words }”
   *[all] No request with “{ $words }”
}
requests-none-fits = { $state ->
    [open] No open request fits these filters
    [closed] No closed request fits these filters
   *[all] No request fits these filters
}
requests-none-yet = You have not made a request yet
requests-none-here = No request on this page
requests-none-mine = { $state ->
    [open] You have no open requests
    [closed] You have no closed requests
   *[all] You have no requests
}
requests-none-shared = { $state ->
    [open] No open request is shared with you
    [closed] No closed request is shared with you
   *[all] No request is shared with you
}
requests-none-approvals = No request waits for your approval
requests-none-organization = { $state ->
    [open] No open request is shared with this organisation
    [closed] No closed request is shared with this organisation
   *[all] No request is shared with this organisation
}
requests-closed = { $count ->
    [one] 1 closed request fits
   *[other] { $count } closed requests fit
}
requests-closed-about = About { $count } closed requests fit
requests-show-closed = Show closed requests too
requests-clear = Clear search and filters
requests-make = Make a request
requests-left-out = The help desk system does not answer for these portals at the moment, so their requests are missing here:
requests-updated = Updated { $time }
requests-made = Made { $time }
requests-by = made by { $who }

## A request

request-line = { $mine ->
    [true] { $type } · made by you on { $time }
   *[false] { $type } · made by { $who } on { $time }
}
request-details = Details
request-activity = Activity
request-status-changed = Status changed to { $status } · { $time }
request-made = { $mine ->
    [true] You made this request · { $time }
   *[false] { $who } made this request · { $time }
}
request-earlier = { $count ->
    [one] Show 1 earlier entry
   *[other] Show { $count } earlier entries
}
request-about = About this request
request-history = Status
request-approvals = Approval
request-decision-approved = Approved
request-decision-declined = Declined
request-decision-pending = Pending
native-approve = You are asked to approve this
    .link = Decide in Jira Service Management
    .mail = Jira Service Management has sent you a mail about it. Its links let you decide.
native-rate = How was it?
    .link = Rate in Jira Service Management
request-people = People
request-you = You
request-organizations = Shared with
request-files = Files
request-external = External
request-do = What you can do
request-moved = The status of this request has changed.
request-not-changed = Nothing was changed: the help desk system did not take it, or does not answer at the moment. Wait a minute, then try again.
request-not-offered = That cannot be done any more: the status has changed meanwhile.
request-not-known = We do not know yet whether that was done. Look at this page again in a moment.

## The page that asks before the status of a request is changed

# $transition is what Jira calls the step, such as “Resolve this request”.
transition-question = { $transition }?
transition-comment = Is there anything to add?
transition-back = Go back

## The reply to a request

reply-label = Your reply
reply-hint = Everybody who takes part in this request can read it. Lists with -, **bold**, `code` and links work.
reply-files = Add files
reply-preview = Preview
reply-preview-heading = Preview of your reply
reply-send = Send reply
# $transition is what Jira calls a step, such as “Resolve this request”.
reply-send-and = Send, then: { $transition }
reply-sent = Your reply is sent.
reply-sent-only = Your reply is sent, but the status could not be changed.
reply-sent-at-least = Your reply is sent. We do not know whether the status was changed too: look at it here before you change it again.
reply-empty = Enter a reply
reply-too-long = Your reply must be { $limit } characters or less. You have { $count }
reply-refused = The help desk system did not take your reply. Everything you typed is still here. Tell your help desk if this happens again.
reply-not-offered = Your reply was not sent, because the status has changed meanwhile. Everything you typed is still here.
reply-not-sent = Your reply was not sent: the help desk system does not answer at the moment. Everything you typed is still here. Wait a minute, then send it.
reply-unknown = We do not know yet whether your reply arrived. Everything you typed is still here. Look again in a moment; nothing is sent twice.
reply-undecided = Your reply was not found in this request. It may not have arrived. Look at the activity above; if it is not there, send it again.

## The people of a request, and the organisations that it is shared with

people-leave = Stop following
people-remove = Remove { $person }
people-add-person = Add a person
people-email = Email address
people-hint = Whoever you add can read this request and reply to it
people-add = Add person
people-empty = Enter an email address, for example name@example.com
people-too-many = You have named many people within an hour. Try again later
# Whether the address is known must not be told.
people-added = Whoever has that address and access to this help desk now takes part in this request.
people-removed = They do not take part in this request any more.
sharing-nobody = Only the people named here can see it.
sharing-share = Share with { $organization }
sharing-stop = Stop sharing with { $organization }
sharing-shared = This request is shared. Everybody in that organisation can see it.
sharing-unshared = This request is not shared with that organisation any more.

request-slas = Agreed times
shown-priority = Priority
    .line = Priority: { $value }
shown-assignee = Handled by
    .line = Handled by { $value }
sla-due = by { $time }
sla-paused = paused
sla-missed = missed
sla-met = met
# $name is what Jira calls the agreed time, $state one of the four above.
sla-line = { $name }: { $state }

## The columns of a list as CSV

csv-key = Request
csv-summary = Summary
csv-type = Request type
csv-status = Status
csv-by = Made by
csv-made = Made
csv-updated = Updated
csv-portal = Portal

## The form that makes a request

form-problem = There is a problem
form-error = Error:
form-optional = (optional)
form-optional-label = { $name } { $optional }
form-none = None
form-choose = Choose
form-narrow = Find in this list
form-narrow-none = Nothing in this list fits
# A script puts the number there.
form-characters-left = Characters left: { $count }
form-characters-over = Characters too many: { $count }
form-cascade = { $parent }, { $child }

# $part is day, month, year or time.
form-date-part = { $part ->
    [day] Day
    [month] Month
    [year] Year
   *[time] Time
}

form-hint-choices = Choose all that apply
form-hint-date = For example, 30 11 2026
# $zone is a city.
form-hint-date-time = { $zone } time, for example 2 12 2026 at 14:30
# $size is in megabytes, $count how many files there may be.
form-hint-files = { $count ->
    [one] Up to { $size } MB
   *[other] Up to { $size } MB each, and up to { $count } files
}
form-hint-labels = Single words with blanks between them
form-hint-participants = Email addresses, one on each line. Those who have access are added. They can read this request and reply to it.
form-hint-people = Email addresses, one on each line
form-hint-person = An email address

form-sharing = Who can see this request?
form-share-private = Only the people named here
form-share-private-hint = You, and those whom you name in this form
form-share-organization = Everybody at { $organization }
form-share-organization-hint = All colleagues who use this help desk

form-upload = Upload now
form-files-kept = Added files
# A script puts the number there.
form-uploading = Uploading: { $percent } %
form-uploaded = Uploaded
form-upload-failed = The files were not uploaded. Send the form to try again
form-draft = You began this form in this browser before, and did not send it.
form-draft-take = Go on with it
form-draft-drop = Throw it away
form-file-size = { $size } MB
form-file-remove = Remove { $file }
form-files-uploaded = Your files are uploaded. They are sent with the form.
form-file-removed = The file is removed.

## Mistakes in that form. $field is the name that the help desk gave the field.

form-empty = Enter an answer for “{ $field }”
form-not-chosen = Choose an answer for “{ $field }”
form-too-long = “{ $field }” must be { $limit } characters or less. You have { $count }
form-label-too-long = “{ $text }” is too long. A word in “{ $field }” may have { $limit } characters
form-not-a-number = “{ $field }” must be a number, for example 1500 or 1499.90
form-number-too-large = “{ $field }” must be a number between -100 trillion and 100 trillion
form-url-wrong = “{ $field }” must be a web address, for example https://www.example.com/offer
# $part is day, month, year or time.
form-date-incomplete = { $part ->
    [day] “{ $field }” must include a day
    [month] “{ $field }” must include a month
    [year] “{ $field }” must include a year
   *[time] “{ $field }” must include a time, for example 14:30
}
form-date-impossible = “{ $field }” must be a real date, for example 30 11 2026
form-day-impossible = “{ $field }” must be a real date. { $days ->
    [28] { $month } { $year } has 28 days
    [29] { $month } { $year } has 29 days
   *[other] { $month } has { $days } days
}
form-year-short = “{ $field }” must have a year of four digits, for example 2026
form-time-impossible = “{ $field }” must have a real time, for example 14:30
form-email-missing = Enter an email address for “{ $field }”, for example name@example.com
form-email-wrong = “{ $text }” is not an email address. Write it like name@example.com
form-email-line-wrong = Line { $line } is not an email address: “{ $text }”. Write it like name@example.com
# Whether the address is known must not be told.
form-person-unusable = “{ $email }” cannot be used for “{ $field }”. Enter the address of somebody who uses this help desk
form-too-many-people = You have named many people within an hour. Take the new ones out of “{ $field }”, or send the form later
form-refused-elsewhere = The help desk asks for something that this form does not have. Tell them which form you used
form-file-missing = Add a file for “{ $field }”
form-file-empty = “{ $file }” is empty
form-file-failed = “{ $file }” was not uploaded. Choose it again
form-file-crowded = “{ $file }” was not uploaded: too many files are on their way at the moment. Wait a minute, then choose it again
form-file-refused = The help desk does not take “{ $file }”. Choose a smaller file, or another kind
form-files-forgotten = { $count ->
    [one] “{ $file }” was uploaded too long ago. Choose it again
   *[other] Your { $count } files were uploaded too long ago. Choose them again
}
form-file-too-large = “{ $file }” is too large: { $size } MB. Files may have up to { $limit } MB each
form-too-many-files = { $limit ->
    [one] You can add one file. You have { $count }
   *[other] You can add up to { $limit } files. You have { $count }
}

## The form that makes a request

create-title-error = Error: { $name }
create-send = Send request
create-cancel = Cancel
create-articles = This may already help
create-next = What happens next
create-next-number = Your request gets a number, and you see its page.
# $requests is a link, “My requests”.
create-next-answer = We reply there. You find it at any time under { $requests }.
create-old = The help desk system does not answer at the moment. You can fill this form in now, and send it when it answers again.
create-look-again = Look again
create-not-sent = Your request was not sent: the help desk system does not answer at the moment. Everything you typed is still here. Wait a minute, then send it.
create-unknown = We do not know yet whether your request arrived. Everything you typed is still here. Look again in a moment; nothing is sent twice.
form-stale = This form is from an earlier day or another place, so it was not taken. Check what you typed, and send it again.
create-undecided = Your request was not found. It may not have arrived. Look among your requests; if it is not there, send it again.
request-created = Your request is sent.
request-created-not-shared = Your request is sent. It could not be shared with your organisation.
request-created-perhaps-shared = Your request is sent. We do not know yet whether it is shared with your organisation: look at this page again in a moment.

## A form that was not taken, and what was typed into it

kept-text = What you typed is kept for an hour. You, and nobody else, find it in the form again. Add files again if there were any.
kept-text-of-another = What was typed is kept for an hour for the person who filled the form in, and shown to nobody else.
kept-no-text = What you typed could not be kept. Go back in your browser, where it may still stand in the form, and copy it first.
kept-log-in = Log in and go on
kept-back = Back to the form
kept-shown = You typed this before, and it was not sent. Check it, and send it. Add files again if there were any.
