# All texts that people are shown, in German. What en.ftl says of the texts goes for these, too. People are
# addressed formally.

## Shared by several problems

-help-desk = Nennen Sie Ihrem Helpdesk den Code und die Vorgangsnummer, die unten stehen.
-log-in-again = Melden Sie sich noch einmal an. Wenn das nicht hilft, nennen Sie Ihrem Helpdesk den Code, der unten steht.
-goes-on = Diese Seite geht von selbst weiter, sobald es möglich ist.
-from-the-list = Prüfen Sie den Link, oder gehen Sie von der Liste der Portale aus.

## In place of the remedy, where a page must not be asked for again by itself

of-sent-form = Gehen Sie zurück zum Formular. Sehen Sie unter Ihren Anfragen nach, ob es angekommen ist, bevor Sie es noch einmal senden.
of-answer = Warten Sie eine Minute, und melden Sie sich dann noch einmal an.

## The request itself

bad-request = Diese Adresse lässt sich nicht öffnen
    .text = Die Adresse, oder was mit ihr gesendet wurde, ist nicht so, wie sie sein muss. Deshalb wurde nichts weitergegeben.
    .remedy = { -from-the-list }

method-not-allowed = Diese Art von Zugriff wird nicht angenommen
    .text = Die Methode des Zugriffs ist keine, die das Portal verwendet.
    .remedy = Gehen Sie zurück, und folgen Sie einem Link oder einer Schaltfläche der Seite.

headers-too-large = Ihr Browser hat zu viel gesendet
    .text = Die Kopfzeilen sind größer, als hier angenommen wird. Meist sind es Cookies, die sich angesammelt haben.
    .remedy = Löschen Sie die Cookies dieser Website, und öffnen Sie den Link noch einmal.

body-too-large = Das Hochgeladene ist zu groß
    .text = Auf einmal lassen sich höchstens { $limit } senden.
    .remedy = Hängen Sie eine kleinere Datei an, oder mehrere nacheinander.

text-too-long = Ihr Text ist zu lang
    .text = Auf einmal lassen sich höchstens { $limit } Text senden.
    .remedy = Kürzen Sie ihn, oder hängen Sie den langen Teil als Datei an.

length-required = Das muss auf andere Weise gesendet werden
    .text = Zu einem langen Text gehört die Angabe seiner Länge. Browser senden sie von selbst.
    .remedy = Lassen Sie das Programm Content-Length senden, oder hängen Sie den langen Teil als Datei an.

too-many-texts = Zu viele Personen senden gerade lange Texte
    .text = Im Moment ist kein Platz für einen weiteren langen Text. Es wurde nichts gesendet.
    .remedy = Senden Sie ihn gleich noch einmal.

wrong-host = Unter diesem Namen gibt es nichts
    .text = Die Portale finden Sie unter { $public_url }.
    .remedy = Öffnen Sie stattdessen { $public_url }.

cross-site = Dieser Zugriff kam von einer anderen Website
    .text = Eine Seite einer anderen Website wollte hier etwas ändern. Das wurde verhindert.
    .remedy = Wenn Sie das selbst tun wollten, öffnen Sie das Portal, und tun Sie es dort.

stale-form = Diese Seite ist nicht mehr aktuell
    .text = Das Formular gehört zu einer früheren Anmeldung.
    .remedy = Gehen Sie zurück, laden Sie die Seite neu, und versuchen Sie es noch einmal.

path-not-open = Diese Adresse ist hier nicht zugänglich
    .text = Hier sind nur die Portale erreichbar, und diese Adresse gehört zu einem anderen Teil von Jira.
    .remedy = Gehen Sie von der Liste der Portale aus. Wenn Sie in Jira arbeiten, verwenden Sie dessen eigene Adresse.

customer-unknown = Jira kennt Sie nicht als Kunden
    .text = Die Anmeldung hier war erfolgreich, aber Jira verlangt eine weitere: Es hat keinen Kunden mit Ihrer Adresse, oder es ist nicht dafür eingerichtet, die Anmeldung von hier zu übernehmen.
    .remedy = { -help-desk } Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an.

too-many-requests = Zu viele Zugriffe auf einmal
    .text = Von Ihnen oder von der Adresse Ihres Netzes laufen mehr Zugriffe, als hier gleichzeitig bedient werden.
    .remedy = { -goes-on }

too-many-websockets = Zu viele Live-Verbindungen auf einmal
    .text = Es sind mehr Seiten mit einer Live-Verbindung geöffnet, als hier gleichzeitig bedient werden.
    .remedy = Schließen Sie einige der anderen Tabs des Portals, und versuchen Sie es noch einmal.

request-too-slow = Das Hochladen ist stehen geblieben
    .text = Was Ihr Browser gesendet hat, kam zu langsam an oder blieb unterwegs stehen.
    .remedy = Prüfen Sie Ihre Verbindung, und versuchen Sie es noch einmal.

too-many-logins = Zu viele Anmeldungen auf einmal
    .text = Von der Adresse Ihres Netzes oder von Ihnen haben innerhalb einer Minute mehr Anmeldungen begonnen, als hier angenommen werden.
    .remedy = { -goes-on }

link-used = Dieser Link ist nicht mehr gültig
    .text = Er ließ sich nur einmal und nur für kurze Zeit öffnen.
    .remedy = Bitten Sie die Person, von der Sie ihn haben, um einen neuen.

emergency-network = Dieser Link lässt sich von hier nicht öffnen
    .text = Solche Links öffnen sich nur aus bestimmten Netzen, und Ihres gehört nicht dazu.
    .remedy = Öffnen Sie ihn aus dem Netz Ihrer Organisation. Der Link ist noch nicht verbraucht.

not-found = Diese Seite gibt es nicht
    .text = Die Adresse führt nirgendwohin.
    .remedy = { -from-the-list }

## The customer's account

identity-too-large = Ihr Konto ist in zu vielen Gruppen
    .text = Was die Anmeldung Ihrer Organisation über Sie sagt, umfasst { $bytes } Byte. Das Portal erfährt höchstens { $limit }.
    .remedy = Wenden Sie sich an Ihren Helpdesk: Was die Anmeldung über Sie sagt, muss geändert werden.

customer-missing = Das Portal kennt Sie noch nicht
    .text = Sie sind als { $who } angemeldet, und das Helpdesk-System hat keinen Kunden mit dieser Adresse.
    .remedy = Bitten Sie Ihren Helpdesk, { $who } als Kunden hinzuzufügen. Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an.

# $cause says why it cannot be told.
customer-unclear = Es ist unklar, welcher Kunde Sie sind
    .text = { $cause ->
        [no-email] Sie sind als { $who } angemeldet, aber die Anmeldung Ihrer Organisation nennt keine E-Mail-Adresse, unter der Sie zu finden wären.
        [several] Mehrere Kunden im Helpdesk-System haben die Adresse { $who }.
        [hidden] Das Helpdesk-System zeigt nicht, welcher Kunde die Adresse { $who } hat.
        [taken] Der Kunde mit der Adresse { $who } gehört zu einer anderen Anmeldung, vielleicht von jemandem, der die Adresse vor Ihnen hatte.
        [inactive] Der Kunde mit der Adresse { $who } ist im Helpdesk-System deaktiviert.
       *[gone] Den Kunden, der zu Ihrer Anmeldung { $who } gehört, gibt es nicht mehr.
    }
    .remedy = { $cause ->
        [inactive] Bitten Sie Ihren Helpdesk, den Kunden { $who } wieder zu aktivieren.
        [no-email] Wenden Sie sich an Ihren Helpdesk: Die Administration muss dafür sorgen, dass die Anmeldung Ihre Adresse nennt.
       *[other] Wenden Sie sich an Ihren Helpdesk: Die Administration muss Ihr Kundenkonto für { $who } festlegen, mit dem Befehl „jsm-gate customers bind“.
    }

customer-not-listed = „{ $portal }“ ist nur für die eigenen Kunden zugänglich
    .text = Sie sind als { $who } angemeldet. Dieses Konto gehört nicht zu den Kunden dieses Portals.
    .remedy = Bitten Sie Ihren Helpdesk, { $who } zu den Kunden von „{ $portal }“ hinzuzufügen. Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an.

customer-staff = Dieses Konto ist für die Arbeit in Jira
    .text = Sie sind als { $who } angemeldet, und dieses Konto gehört in Jira zum Team. Über den Eingang für Kunden werden solche Konten nicht angemeldet.
    .remedy = Verwenden Sie für Ihre Arbeit die eigene Adresse von Jira. Wenn Sie als Kunde ein anderes Konto haben, melden Sie sich mit diesem an.

jira-denied = Jira lässt Sie dort nicht hinein
    .text = Sie sind als { $who } angemeldet, und Jira sagt, dass dieses Konto die Seite nicht sehen darf.
    .remedy = { -help-desk } Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an.

jira-login-refused = Jira hat Ihre Anmeldung nicht übernommen
    .text = Die Anmeldung hier war erfolgreich, aber Jira akzeptiert nicht, was ihm über Sie mitgeteilt wurde. Der Grund steht im Protokoll von Jira.
    .remedy = { -help-desk }

jira-login-lost = Jira hat Ihre Anmeldung vergessen
    .text = Jira hat Ihre Anmeldung übernommen und kannte Sie beim nächsten Schritt nicht mehr.
    .remedy = Warten Sie eine Minute, und öffnen Sie das Portal noch einmal. Wenn das nicht hilft: { -help-desk }

customers-unavailable = Es lässt sich nicht feststellen, wer Sie sind
    .text = Das Helpdesk-System antwortet im Moment nicht. Von Ihnen geht nichts verloren.
    .remedy = { -goes-on }

## The portal

portal-unknown = Dieses Portal gibt es nicht
    .text = Kein Portal hat diesen Link.
    .remedy = Prüfen Sie den Link auf Tippfehler, oder gehen Sie von der Liste der Portale aus.

portal-gone = Dieses Portal gibt es nicht mehr
    .text = „{ $portal }“ wurde geschlossen oder verschoben.
    .remedy = Gehen Sie von der Liste der Portale aus, oder fragen Sie Ihre Ansprechperson nach dem neuen Link.

type-unavailable = Diese Anfrage lässt sich hier nicht stellen
    .text = Das Formular „{ $name }“ fragt nach etwas, das dieses Portal nicht anzeigen kann.
    .remedy = Nennen Sie Ihrem Helpdesk den Code, der unten steht, oder wählen Sie eine andere Art von Anfrage.

portal-without-id = Dieses Portal ist noch nicht eingerichtet
    .text = JSM nennt die Adresse von „{ $portal }“ nicht.
    .remedy = Ihre Administration kann dafür `portal_id` in der Konfiguration festlegen.

directory-empty = Die Portale sind noch nicht bekannt
    .text = Die Liste der Portale ließ sich bisher nicht aus dem Helpdesk-System lesen.
    .remedy = { -goes-on }

# $cause is the kind of rule. Nothing is told of what the rule says.
refused = Sie haben keinen Zugang zu „{ $portal }“
    .text = { $cause ->
        [other-provider] „{ $portal }“ ist für diejenigen zugänglich, die sich anderswo anmelden.
        [not-in-emergency] „{ $portal }“ gehört nicht zu den Portalen, für die Ihr Notfallzugang gilt.
        [denied-group] „{ $portal }“ ist für eine Gruppe gesperrt, zu der Ihr Konto gehört.
        [denied-email] „{ $portal }“ ist für Ihr Konto gesperrt.
        [denied-email-domain] „{ $portal }“ ist für die E-Mail-Domain Ihres Kontos gesperrt.
        [denied-provider] „{ $portal }“ ist für Konten der Anmeldung gesperrt, die Sie verwendet haben.
        [denied-claim] „{ $portal }“ ist wegen einer Angabe gesperrt, die Ihre Organisation zu Ihrem Konto macht.
       *[not-listed] „{ $portal }“ ist nur für ausgewählte Kunden zugänglich, und Ihr Konto gehört nicht dazu.
    }
    .remedy = Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an. Wenn dieses Konto Zugang haben soll, bitten Sie Ihre Ansprechperson beim Helpdesk darum.

# $cause is what the rule asks for. Nothing is told of what the rule says.
access-unknown = Es ist nicht bekannt, ob „{ $portal }“ für Sie zugänglich ist
    .text = { $cause ->
        [unknown-groups] Ob „{ $portal }“ zugänglich ist, hängt von den Gruppen Ihres Kontos ab, und Ihre Anmeldung hat sie nicht genannt.
        [unknown-email] Ob „{ $portal }“ zugänglich ist, hängt von Ihrer E-Mail-Adresse ab, und Ihre Anmeldung hat sie nicht genannt.
       *[unknown-claim] Ob „{ $portal }“ zugänglich ist, hängt von einer Angabe Ihrer Organisation zu Ihrem Konto ab, und Ihre Anmeldung hat sie nicht genannt.
    }
    .remedy = Melden Sie sich noch einmal an. Wenn diese Seite bleibt, nennen Sie Ihrem Helpdesk den Code: Was Ihre Anmeldung nennt, muss geändert werden.

other-provider = „{ $portal }“ erfordert eine andere Anmeldung
    .text = „{ $portal }“ ist für diejenigen zugänglich, die sich mit „{ $provider }“ anmelden.
    .remedy = Melden Sie sich mit „{ $provider }“ an. Das ersetzt Ihre jetzige Anmeldung hier.

step-up-needed = „{ $portal }“ erfordert eine andere Anmeldung
    .text = „{ $portal }“ verlangt eine stärkere oder eine neuere Anmeldung als Ihre.
    .remedy = Öffnen Sie es noch einmal. Die Anmeldung beginnt dann.

step-up-failed = Diese Anmeldung reicht für „{ $portal }“ nicht aus
    .text = „{ $portal }“ verlangt eine stärkere oder eine neuere Anmeldung als die eben erfolgte.
    .remedy = Melden Sie sich noch einmal an, mit dem, was Ihre Organisation verlangt, etwa einem zweiten Faktor. Wenn das nicht hilft, wenden Sie sich an Ihren Helpdesk. Alles andere ist für Sie zugänglich wie zuvor.

login-needed = Sie sind nicht angemeldet
    .text = Dafür müssen Sie angemeldet sein. Vielleicht ist Ihre letzte Anmeldung abgelaufen.
    .remedy = Melden Sie sich an, und versuchen Sie es noch einmal.

## Applications that log people in here (SAML)

service-provider-unknown = Diese Anwendung gibt es nicht
    .text = Die Adresse gehört zu einer Anwendung, die hier nicht bekannt ist.
    .remedy = { -from-the-list }

saml-request = Die Anfrage dieser Anwendung kann nicht beantwortet werden
    .text = Eine Anwendung hat Sie zur Anmeldung hierher geschickt, und was sie mitgeschickt hat, ist nicht in Ordnung.
    .remedy = Gehen Sie zur Anwendung zurück, und beginnen Sie noch einmal. Wenn das nicht hilft: { -help-desk }

saml-request-old = Es ist zu viel Zeit vergangen
    .text = „{ $name }“ hat Sie zur Anmeldung hierher geschickt, und das ist zu lange her.
    .remedy = Öffnen Sie „{ $name }“ noch einmal.

# $cause is what cannot be told.
not-vouched = Sie können nicht bei „{ $name }“ angemeldet werden
    .text = { $cause ->
        [no-address] „{ $name }“ braucht Ihre E-Mail-Adresse, und Ihre Anmeldung hat sie nicht genannt.
        [unverified] „{ $name }“ braucht Ihre E-Mail-Adresse, und Ihre Anmeldung hat sie nicht bestätigt.
        [characters] Etwas, das Ihre Anmeldung über Sie sagt, enthält Zeichen, die „{ $name }“ nicht mitgeteilt werden können.
       *[missing] „{ $name }“ braucht eine Angabe über Sie, die Ihre Anmeldung nicht genannt hat.
    }
    .remedy = Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an. Nennen Sie sonst Ihrem Helpdesk den Code, der unten steht: Was Ihre Anmeldung nennt, muss geändert werden.

too-many-answers = Zu viele Personen werden gerade angemeldet
    .text = Es werden im Moment mehr Personen bei Anwendungen angemeldet, als gleichzeitig möglich ist.
    .remedy = { -goes-on }

## Behind the gate

sessions-unavailable = Anmeldungen lassen sich gerade nicht prüfen
    .text = Es lässt sich nicht nachsehen, wer angemeldet ist.
    .remedy = { -goes-on }

emergency-unaudited = Ein Notfallzugang ist gerade nicht möglich
    .text = Es muss aufgezeichnet werden, wer ihn nutzt, und das hat nicht funktioniert.
    .remedy = Sagen Sie es der Person, von der Sie den Link haben. Sie kann einen neuen erstellen, sobald es wieder funktioniert.

upstream-unreachable = Das Portal antwortet nicht
    .text = Das Helpdesk-System ist im Moment nicht erreichbar. Sie sind weiterhin angemeldet.
    .remedy = { -goes-on }

upstream-busy = Das Portal ist ausgelastet
    .text = Das Helpdesk-System hat im Moment mehr zu tun, als es schafft. Sie sind weiterhin angemeldet, und Ihr Zugriff wurde nicht weitergegeben.
    .remedy = { -goes-on }

upstream-slow = Das Portal braucht zu lange
    .text = Das Helpdesk-System hat nicht rechtzeitig geantwortet. Sie sind weiterhin angemeldet.
    .remedy = { -goes-on }

internal = Hier ist ein Fehler aufgetreten
    .text = Der Zugriff ließ sich nicht zu Ende führen.
    .remedy = Versuchen Sie es noch einmal. Wenn es wieder geschieht, nennen Sie Ihrem Helpdesk den Code und die Vorgangsnummer, die unten stehen.

## A login that failed

provider-unreachable = Die Anmeldung Ihrer Organisation antwortet nicht
    .text = „{ $provider }“ ist im Moment nicht erreichbar, deshalb kann sich niemand anmelden.
    .remedy = Diese Seite geht von selbst weiter, sobald die Anmeldung wieder antwortet.

login-loop = Die Anmeldung dreht sich im Kreis
    .text = { $cause ->
        [session-cookie-missing] Sie haben sich innerhalb einer Minute mehrmals angemeldet, aber Ihr Browser behält das Cookie nicht, in dem das steht.
       *[session-unknown] Sie haben sich innerhalb einer Minute mehrmals angemeldet, aber die Anmeldung wird danach nicht wiedererkannt.
    }
    .remedy = Lassen Sie Cookies für diese Website zu, prüfen Sie die Uhr Ihres Geräts, und melden Sie sich dann noch einmal an.

login-expired = Diese Anmeldung ist nicht mehr offen
    .text = { $cause ->
        [code-refused] Die Anmeldung wurde schon verwendet, oder sie hat zu lange gedauert.
        [too-old] Die Anmeldung hat zu lange gedauert.
        [spent] Sie wurde schon abgeschlossen, vielleicht durch einen zweiten Klick.
       *[not-pending] Sie wurde schon abgeschlossen, in einem anderen Browser begonnen, oder Ihr Browser behält keine Cookies.
    }
    .remedy = Melden Sie sich noch einmal an. Wenn Sie wieder hier landen, lassen Sie Cookies für diese Website zu.

login-cancelled = Sie haben die Anmeldung abgebrochen
    .text = Sie haben die Anmeldung bei Ihrer Organisation nicht abgeschlossen. Sie antwortete: { $answer }.
    .remedy = Melden Sie sich wieder an, wann Sie möchten.

login-timed-out = Die Anmeldung hat zu lange gedauert
    .text = Die Anmeldeseite Ihrer Organisation war zu lange geöffnet, oder die Anmeldung ging in einem anderen Tab weiter.
    .remedy = Melden Sie sich noch einmal an.

provider-busy = Die Anmeldung Ihrer Organisation kann im Moment nicht antworten
    .text = Sie antwortete: { $answer }.
    .remedy = Warten Sie eine Minute, und melden Sie sich dann noch einmal an.

# Providers have one answer for those who cancel and those who may not log in.
provider-refused = Die Anmeldung Ihrer Organisation hat Sie nicht eingelassen
    .text = Sie antwortete: { $answer }. Entweder wurde die Anmeldung dort abgebrochen, oder dieses Konto darf sich hier nicht anmelden.
    .remedy = Melden Sie sich mit einem anderen Konto an, oder nennen Sie Ihrem Helpdesk den Code, der unten steht.

email-unverified = Ihre E-Mail-Adresse ist nicht bestätigt
    .text = Die Anmeldung Ihrer Organisation hat nicht bestätigt, dass { $email } Ihre Adresse ist.
    .remedy = Bestätigen Sie die Adresse dort und melden Sie sich noch einmal an, oder melden Sie sich mit einem anderen Konto an.

email-invalid = Ihre E-Mail-Adresse kann nicht verwendet werden
    .text = { $email } ist keine Adresse, deren Inhaber sich mit Sicherheit feststellen lässt.
    .remedy = { -help-desk }

email-domain-elsewhere = Mit dieser Adresse meldet man sich anderswo an
    .text = Sie haben sich als { $email } angemeldet, aber mit solchen Adressen meldet man sich bei „{ $provider }“ an.
    .remedy = Melden Sie sich dort oder mit einem anderen Konto an.

callback-invalid = Das ist keine Antwort auf eine Anmeldung
    .text = { $cause ->
        [refused] Die Anmeldung wurde abgelehnt, aber die Antwort sagt nicht, zu welcher Anmeldung sie gehört. Deshalb steht ihr Inhalt nur im Protokoll.
       *[no-answer] Die Adresse gehört zu keiner Anmeldung, die hier begonnen wurde.
    }
    .remedy = { -log-in-again }

issuer-mismatch = Das ist keine Antwort auf eine Anmeldung
    .text = { $cause ->
        [refused] Die Anmeldung wurde abgelehnt, aber die Antwort sagt nicht, zu welcher Anmeldung sie gehört. Deshalb steht ihr Inhalt nur im Protokoll.
       *[no-answer] Die Adresse gehört zu keiner Anmeldung, die hier begonnen wurde.
    }
    .remedy = { -log-in-again }

token-response = Die Anmeldung ließ sich nicht prüfen
    .text = Die Anmeldung Ihrer Organisation gab eine Antwort, die nicht beweist, wer Sie sind.
    .remedy = { -log-in-again }

token-invalid = Die Anmeldung ließ sich nicht prüfen
    .text = Die Anmeldung Ihrer Organisation gab eine Antwort, die nicht beweist, wer Sie sind.
    .remedy = { -log-in-again }

user-info-invalid = Die Anmeldung ließ sich nicht prüfen
    .text = Die Anmeldung Ihrer Organisation gab eine Antwort, die nicht beweist, wer Sie sind.
    .remedy = { -log-in-again }

provider-unknown = Diese Anmeldung gibt es nicht
    .text = Die Adresse gehört zu einer Anmeldung, die hier nicht eingerichtet ist.
    .remedy = { -help-desk }

client-rejected = Die Anmeldung ist nicht richtig eingerichtet
    .text = Das Portal und die Anmeldung Ihrer Organisation verstehen einander nicht.
    .remedy = { -help-desk }

request-refused = Die Anmeldung ist nicht richtig eingerichtet
    .text = Das Portal und die Anmeldung Ihrer Organisation verstehen einander nicht.
    .remedy = { -help-desk }

login-cookie = Die Anmeldung ist nicht richtig eingerichtet
    .text = Das Portal und die Anmeldung Ihrer Organisation verstehen einander nicht.
    .remedy = { -help-desk }

## Times, already in the customer's time zone

time-of-day = { $time }
time-today = heute, { $time }
time-yesterday = gestern, { $time }
time-this-year = { $day }. { $short_month }, { $time }
time-other-year = { $day }. { $short_month } { $year }, { $time }
day-in-full = { $day }. { $month } { $year }
time-in-full = { $day }. { $month } { $year }, { $time } Uhr

month-1 = Januar
    .short = Jan.
month-2 = Februar
    .short = Feb.
month-3 = März
    .short = März
month-4 = April
    .short = Apr.
month-5 = Mai
    .short = Mai
month-6 = Juni
    .short = Juni
month-7 = Juli
    .short = Juli
month-8 = August
    .short = Aug.
month-9 = September
    .short = Sept.
month-10 = Oktober
    .short = Okt.
month-11 = November
    .short = Nov.
month-12 = Dezember
    .short = Dez.

# $unit is bytes, kilo or mega.
size = { $unit ->
    [bytes] { $number } Byte
    [kilo] { $number } KB
   *[mega] { $number } MB
}

## The frame of every page

frame-skip = Zum Hauptinhalt springen
frame-navigation = Hauptnavigation
frame-requests = Meine Anfragen
frame-account = Konto
frame-who = Angemeldet als { $who }
frame-help = Brauchen Sie Hilfe? { $contact }
frame-language = Sprache: { $language }
# $zone is a city.
frame-preferences = { $language }, Zeit in { $zone }
frame-log-out = Abmelden
frame-emergency = Notfallzugang
frame-emergency-text = als { $who } bis { $until }. Alles, was Sie öffnen, wird aufgezeichnet.
frame-emergency-end = Notfallzugang beenden

## Words of several pages

one-moment = Einen Moment
continue = Weiter
post-text = Wenn nichts geschieht, gelangen Sie mit der Schaltfläche weiter zu { $host }.
you-are = Sie sind als { $who } angemeldet.
login-again = Noch einmal anmelden
log-in-as-other = Mit einem anderen Konto anmelden
log-in-at = Mit { $provider } anmelden
log-out-there-first = Wenn { $provider } Sie wieder mit demselben Konto anmeldet, melden Sie sich zuerst dort ab.
log-out-elsewhere-first = Wenn Ihre Organisation Sie wieder mit demselben Konto anmeldet, melden Sie sich zuerst dort ab, oder öffnen Sie diese Seite in einem privaten Fenster.
try-again = Noch einmal versuchen
choose-another-login = Andere Anmeldung wählen

## What a problem's page says for the help desk

problem-code = Code
problem-reason = Grund
problem-request = Vorgangsnummer

## The login's pages

choose-title = Anmelden
choose-title-error = Fehler: Anmelden
choose-email = Ihre geschäftliche E-Mail-Adresse
choose-email-hint = Sie zeigt, wo Ihre Organisation anmeldet. Ein Passwort geben Sie hier nicht ein.
choose-no-address = Das ist keine vollständige E-Mail-Adresse.
choose-no-provider = Für diese Adresse ist keine Anmeldung bekannt. Prüfen Sie sie auf Tippfehler, oder wählen Sie Ihre Organisation.
choose-organisation = Wählen Sie Ihre Organisation
choose-or-organisation = Oder wählen Sie Ihre Organisation

emergency-lets-in = Dieser Link gibt { $account } für { $minutes } Minuten Zugang zu:
emergency-once = Er funktioniert einmal. Wenn Sie das nicht sind, schließen Sie diese Seite. Es wird aufgezeichnet, wer ihn nutzt.
emergency-start = Notfallzugang beginnen

logout-question = Abmelden?
logout-stay = Angemeldet bleiben
logged-out-title = Abgemeldet
logged-out-heading = Sie sind abgemeldet
logged-out-there = Sie sind hier und bei { $at } abgemeldet. Wenn dies nicht Ihr eigenes Gerät ist, schließen Sie auch den Browser.
logged-out-here = Sie sind hier abgemeldet. Die Anmeldung Ihrer Organisation ist in diesem Browser vielleicht noch offen. Wenn dies nicht Ihr eigenes Gerät ist, schließen Sie auch den Browser.

same-account-title = Wieder dasselbe Konto
same-account-heading = Sie sind wieder mit demselben Konto angemeldet
same-account-text = { $provider } hat nicht nach einem anderen Konto gefragt. Sie sind weiterhin als { $who } angemeldet.
same-account-log-out = Um ein anderes Konto zu verwenden, melden Sie sich zuerst bei { $provider } ab, und melden Sie sich dann noch einmal an.
same-account-private-window = Um ein anderes Konto zu verwenden, melden Sie sich zuerst bei { $provider } ab, oder öffnen Sie diese Seite in einem privaten Fenster.
same-account-go-on = Mit diesem Konto weitermachen
log-out-at = Bei { $provider } abmelden

tested-title = Testanmeldung
tested-heading = Die Testanmeldung war erfolgreich
tested-text = Laut Anmeldung sind Sie { $account }. Was sie außerdem sagt, und welche Portale sich damit öffnen, wird dort angezeigt, wo der Test begonnen wurde.
tested-close = Dies war ein Test: Sie sind hier nicht angemeldet. Schließen Sie diese Seite.

## The customer's portals

home-title = Ihre Portale
home-search = Portal suchen
home-no-such = Kein Portal heißt so. { $all }
home-show-all = Alle anzeigen
home-none = Für { $who } ist kein Portal zugänglich.
home-none-remedy = Wenn Sie ein anderes Konto haben, melden Sie sich mit diesem an. Wenn dieses Konto Zugang haben soll, bitten Sie Ihre Ansprechperson beim Helpdesk darum.

## The page on which a customer chooses language and time zone

preferences-title = Sprache und Zeitzone
preferences-saved = Ihre Einstellungen sind gespeichert.
preferences-language = Sprache
preferences-language-hint = Seiten und Meldungen. Texte, die jemand geschrieben hat, bleiben, wie sie sind.
preferences-zone = Zeitzone
# $time is the time of day there, $zone a city.
preferences-zone-hint = In ihr werden alle Zeiten angezeigt. In { $zone } ist es jetzt { $time }.
preferences-zone-default = Wie der Helpdesk ({ $zone })
preferences-save = Einstellungen speichern
preferences-me = Sie sind angemeldet als
preferences-me-text = Diese Angaben kommen aus der Anmeldung Ihrer Organisation. Dort können Sie sie ändern lassen.
preferences-name = Name
preferences-email = E-Mail-Adresse

zone-africa = Afrika
zone-america = Amerika
zone-antarctica = Antarktis
zone-asia = Asien
zone-atlantic = Atlantik
zone-australia = Australien
zone-europe = Europa
zone-indian = Indischer Ozean
zone-pacific = Pazifik

## The home page of a portal, and its search

portal-announcement = Ankündigung
portal-announcement-away = Gelesen
portal-search-label = Wobei brauchen Sie Hilfe?
portal-search-hint = Findet Anfragetypen und Ihre eigenen Anfragen
portal-search-hint-articles = Findet Anfragetypen, Ihre eigenen Anfragen und Hilfeartikel
portal-search-button = Suchen
portal-open-requests = Ihre offenen Anfragen
portal-all-requests = Alle meine Anfragen anzeigen
portal-request-line = { $key } · aktualisiert { $time }
portal-old = Das Helpdesk-System antwortet im Moment nicht. Sie sehen den letzten bekannten Stand, der sich geändert haben kann.
portal-requests-away = Ihre Anfragen lassen sich gerade nicht anzeigen, weil das Helpdesk-System nicht antwortet. Nichts davon ist verloren.
portal-no-types = Im Moment lässt sich hier keine Anfrage stellen.

search-title = Suche: { $words }
search-heading = Suche
search-found = { $count ->
    [one] 1 Ergebnis für „{ $words }“
   *[other] { $count } Ergebnisse für „{ $words }“
}
search-count-types = { $count ->
    [one] 1 Anfragetyp
   *[other] { $count } Anfragetypen
}
search-count-requests = { $count ->
    [one] 1 Ihrer Anfragen
   *[other] { $count } Ihrer Anfragen
}
search-count-articles = { $count ->
    [one] 1 Hilfeartikel
   *[other] { $count } Hilfeartikel
}
# What a script says aloud while somebody types.
search-suggestions = { $count ->
    [0] Keine Vorschläge
    [one] 1 Vorschlag
   *[other] { $count } Vorschläge
}
search-nothing = Nichts gefunden für „{ $words }“
search-types = Anfragetypen
search-requests = Ihre Anfragen
search-other = Nicht das, was Sie gesucht haben?
search-other-text = Versuchen Sie es mit anderen oder mit weniger Wörtern. Die Nummer einer Anfrage führt direkt zu ihr.

## The knowledge base

kb-articles = Hilfeartikel
kb-more = Ist Ihre Frage damit nicht beantwortet?

## The list of requests

requests-heading = Meine Anfragen
requests-whose = Wessen Anfragen
requests-mine = Meine
requests-shared = Mit mir geteilt
requests-approvals = Warten auf meine Genehmigung
requests-search = In diesen Anfragen suchen
requests-status = Status
requests-state-open = Offen
requests-state-closed = Geschlossen
requests-state-all = Offen und geschlossen
requests-more-filters = Weitere Filter
requests-any = Alle
requests-type = Anfragetyp
requests-portal = Portal
requests-from = Gestellt ab
requests-to = Gestellt bis
requests-sort = Sortieren nach
requests-sort-updated = Letzte Aktualisierung
requests-sort-newest = Neueste
requests-sort-oldest = Älteste
requests-columns = Was angezeigt wird
requests-column-type = Anfragetyp
requests-column-portal = Portal
requests-column-by = Gestellt von
requests-column-made = Wann sie gestellt wurde
requests-column-updated = Letzte Aktualisierung
requests-column-priority = Priorität
requests-column-assignee = Wer sie bearbeitet
requests-column-sla = Vereinbarte Zeiten
requests-show = Anfragen anzeigen
requests-csv = Als CSV herunterladen
requests-count = { $count ->
    [one] 1 Anfrage
   *[other] { $count } Anfragen
}
requests-count-about = { $shown } von etwa { $count } Anfragen
requests-pages = Seiten
requests-next = Nächste Seite
requests-previous = Vorige Seite
requests-first = Erste Seite
requests-title-nothing = Meine Anfragen: nichts gefunden
# $state is open, closed or all.
requests-none-words = { $state ->
    [open] Keine offene Anfrage mit „{ $words }“
    [closed] Keine geschlossene Anfrage mit „{ $words }“
   *[all] Keine Anfrage mit „{ $words }“
}
requests-none-fits = { $state ->
    [open] Keine offene Anfrage passt zu diesen Filtern
    [closed] Keine geschlossene Anfrage passt zu diesen Filtern
   *[all] Keine Anfrage passt zu diesen Filtern
}
requests-none-yet = Sie haben noch keine Anfrage gestellt
requests-none-here = Keine Anfrage auf dieser Seite
requests-none-mine = { $state ->
    [open] Sie haben keine offenen Anfragen
    [closed] Sie haben keine geschlossenen Anfragen
   *[all] Sie haben keine Anfragen
}
requests-none-shared = { $state ->
    [open] Keine offene Anfrage ist mit Ihnen geteilt
    [closed] Keine geschlossene Anfrage ist mit Ihnen geteilt
   *[all] Keine Anfrage ist mit Ihnen geteilt
}
requests-none-approvals = Keine Anfrage wartet auf Ihre Genehmigung
requests-none-organization = { $state ->
    [open] Keine offene Anfrage ist mit dieser Organisation geteilt
    [closed] Keine geschlossene Anfrage ist mit dieser Organisation geteilt
   *[all] Keine Anfrage ist mit dieser Organisation geteilt
}
requests-closed = { $count ->
    [one] 1 geschlossene Anfrage passt
   *[other] { $count } geschlossene Anfragen passen
}
requests-closed-about = Etwa { $count } geschlossene Anfragen passen
requests-show-closed = Auch geschlossene Anfragen anzeigen
requests-clear = Suche und Filter zurücksetzen
requests-make = Anfrage stellen
requests-left-out = Das Helpdesk-System antwortet im Moment nicht für diese Portale, deshalb fehlen ihre Anfragen hier:
requests-updated = Aktualisiert: { $time }
requests-made = Gestellt: { $time }
requests-by = gestellt von { $who }

## A request

request-line = { $mine ->
    [true] { $type } · von Ihnen gestellt am { $time }
   *[false] { $type } · gestellt von { $who } am { $time }
}
request-details = Details
request-activity = Aktivität
request-status-changed = Status geändert in { $status } · { $time }
request-made = { $mine ->
    [true] Sie haben diese Anfrage gestellt · { $time }
   *[false] { $who } hat diese Anfrage gestellt · { $time }
}
request-earlier = { $count ->
    [one] 1 früheren Eintrag anzeigen
   *[other] { $count } frühere Einträge anzeigen
}
request-about = Über diese Anfrage
request-history = Status
request-approvals = Genehmigung
request-decision-approved = Genehmigt
request-decision-declined = Abgelehnt
request-decision-pending = Ausstehend
native-approve = Sie werden um eine Genehmigung gebeten
    .link = In Jira Service Management entscheiden
    .mail = Jira Service Management hat Ihnen dazu eine E-Mail gesendet. Über die Links darin können Sie entscheiden.
native-rate = Wie war es?
    .link = In Jira Service Management bewerten
request-people = Personen
request-you = Sie
request-organizations = Geteilt mit
request-files = Dateien
request-external = Extern
request-do = Was Sie tun können
request-moved = Der Status dieser Anfrage hat sich geändert.
request-not-changed = Es wurde nichts geändert: Das Helpdesk-System hat es nicht angenommen oder antwortet im Moment nicht. Warten Sie eine Minute, und versuchen Sie es dann noch einmal.
request-not-offered = Das ist nicht mehr möglich: Der Status hat sich inzwischen geändert.
request-not-known = Wir wissen noch nicht, ob das ausgeführt wurde. Sehen Sie sich diese Seite gleich noch einmal an.

## The page that asks before the status of a request is changed

# $transition is what Jira calls the step, such as “Resolve this request”.
transition-question = { $transition }?
transition-comment = Möchten Sie etwas dazu schreiben?
transition-back = Zurück

## The reply to a request

reply-label = Ihre Antwort
reply-hint = Alle, die an dieser Anfrage beteiligt sind, können sie lesen. Listen mit -, **fett**, `Code` und Links funktionieren.
reply-files = Dateien hinzufügen
reply-preview = Vorschau
reply-preview-heading = Vorschau Ihrer Antwort
reply-send = Antwort senden
# $transition is what Jira calls a step, such as “Resolve this request”.
reply-send-and = Senden, dann: { $transition }
reply-sent = Ihre Antwort ist gesendet.
reply-sent-only = Ihre Antwort ist gesendet, aber der Status ließ sich nicht ändern.
reply-sent-at-least = Ihre Antwort ist gesendet. Ob auch der Status geändert wurde, wissen wir nicht: Sehen Sie hier nach, bevor Sie ihn noch einmal ändern.
reply-empty = Geben Sie eine Antwort ein
reply-too-long = Ihre Antwort darf höchstens { $limit } Zeichen haben. Es sind { $count }
reply-refused = Das Helpdesk-System hat Ihre Antwort nicht angenommen. Alles, was Sie eingegeben haben, steht noch hier. Wenn das wieder geschieht, sagen Sie es Ihrem Helpdesk.
reply-not-offered = Ihre Antwort wurde nicht gesendet, weil sich der Status inzwischen geändert hat. Alles, was Sie eingegeben haben, steht noch hier.
reply-not-sent = Ihre Antwort wurde nicht gesendet: Das Helpdesk-System antwortet im Moment nicht. Alles, was Sie eingegeben haben, steht noch hier. Warten Sie eine Minute, und senden Sie sie dann.
reply-unknown = Wir wissen noch nicht, ob Ihre Antwort angekommen ist. Alles, was Sie eingegeben haben, steht noch hier. Sehen Sie gleich noch einmal nach. Es wird nichts doppelt gesendet.
reply-undecided = Ihre Antwort wurde in dieser Anfrage nicht gefunden. Vielleicht ist sie nicht angekommen. Sehen Sie oben unter „Aktivität“ nach. Wenn sie dort nicht steht, senden Sie sie noch einmal.

## The people of a request, and the organisations that it is shared with

people-leave = Nicht mehr folgen
people-remove = { $person } entfernen
people-add-person = Person hinzufügen
people-email = E-Mail-Adresse
people-hint = Diese Person kann die Anfrage lesen und darauf antworten
people-add = Person hinzufügen
people-empty = Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com
people-too-many = Sie haben innerhalb einer Stunde viele Personen genannt. Versuchen Sie es später noch einmal
# Whether the address is known must not be told.
people-added = Wer diese Adresse und Zugang zu diesem Helpdesk hat, ist jetzt an dieser Anfrage beteiligt.
people-removed = Diese Person ist nicht mehr an der Anfrage beteiligt.
sharing-nobody = Nur die hier genannten Personen können sie sehen.
sharing-share = Mit { $organization } teilen
sharing-stop = Nicht mehr mit { $organization } teilen
sharing-shared = Diese Anfrage ist geteilt. Alle in dieser Organisation können sie sehen.
sharing-unshared = Diese Anfrage ist nicht mehr mit dieser Organisation geteilt.

request-slas = Vereinbarte Zeiten
shown-priority = Priorität
    .line = Priorität: { $value }
shown-assignee = Bearbeitet von
    .line = Bearbeitet von { $value }
sla-due = bis { $time }
sla-paused = angehalten
sla-missed = überschritten
sla-met = eingehalten
# $name is what Jira calls the agreed time, $state one of the four above.
sla-line = { $name }: { $state }

## The columns of a list as CSV

csv-key = Anfrage
csv-summary = Zusammenfassung
csv-type = Anfragetyp
csv-status = Status
csv-by = Gestellt von
csv-made = Gestellt
csv-updated = Aktualisiert
csv-portal = Portal

## The form that makes a request

form-problem = Es gibt ein Problem
form-error = Fehler:
form-optional = (optional)
form-optional-label = { $name } { $optional }
form-none = Keine Auswahl
form-choose = Bitte wählen
form-narrow = In dieser Liste suchen
form-narrow-none = Nichts in dieser Liste passt
# A script puts the number there.
form-characters-left = Noch übrige Zeichen: { $count }
form-characters-over = Überzählige Zeichen: { $count }
form-cascade = { $parent }, { $child }

# $part is day, month, year or time.
form-date-part = { $part ->
    [day] Tag
    [month] Monat
    [year] Jahr
   *[time] Uhrzeit
}

form-hint-choices = Wählen Sie alles, was zutrifft
form-hint-date = Zum Beispiel 30. 11. 2026
# $zone is a city.
form-hint-date-time = Zeit in { $zone }, zum Beispiel 2. 12. 2026 um 14:30
# $size is in megabytes, $count how many files there may be.
form-hint-files = { $count ->
    [one] Bis zu { $size } MB
   *[other] Je Datei bis zu { $size } MB, und bis zu { $count } Dateien
}
form-hint-labels = Einzelne Wörter, durch Leerzeichen getrennt
form-hint-participants = E-Mail-Adressen, eine je Zeile. Wer Zugang hat, wird hinzugefügt und kann diese Anfrage lesen und darauf antworten.
form-hint-people = E-Mail-Adressen, eine je Zeile
form-hint-person = Eine E-Mail-Adresse

form-sharing = Wer kann diese Anfrage sehen?
form-share-private = Nur die hier genannten Personen
form-share-private-hint = Sie und alle, die Sie in diesem Formular nennen
form-share-organization = Alle bei { $organization }
form-share-organization-hint = Alle Kolleginnen und Kollegen, die diesen Helpdesk nutzen

form-upload = Jetzt hochladen
form-files-kept = Hinzugefügte Dateien
# A script puts the number there.
form-uploading = Wird hochgeladen: { $percent } %
form-uploaded = Hochgeladen
form-upload-failed = Die Dateien wurden nicht hochgeladen. Senden Sie das Formular, um es noch einmal zu versuchen
form-draft = Sie haben dieses Formular in diesem Browser schon begonnen und nicht gesendet.
form-draft-take = Damit weitermachen
form-draft-drop = Verwerfen
form-file-size = { $size } MB
form-file-remove = { $file } entfernen
form-files-uploaded = Ihre Dateien sind hochgeladen. Sie werden mit dem Formular gesendet.
form-file-removed = Die Datei ist entfernt.

## Mistakes in that form. $field is the name that the help desk gave the field.

form-empty = Geben Sie eine Antwort für „{ $field }“ ein
form-not-chosen = Wählen Sie eine Antwort für „{ $field }“
form-too-long = „{ $field }“ darf höchstens { $limit } Zeichen haben. Es sind { $count }
form-label-too-long = „{ $text }“ ist zu lang. Ein Wort in „{ $field }“ darf { $limit } Zeichen haben
form-not-a-number = „{ $field }“ muss eine Zahl sein, zum Beispiel 1500 oder 1499,90
form-number-too-large = „{ $field }“ muss eine Zahl zwischen -100 Billionen und 100 Billionen sein
form-url-wrong = „{ $field }“ muss eine Webadresse sein, zum Beispiel https://www.example.com/offer
# $part is day, month, year or time.
form-date-incomplete = { $part ->
    [day] „{ $field }“ muss einen Tag enthalten
    [month] „{ $field }“ muss einen Monat enthalten
    [year] „{ $field }“ muss ein Jahr enthalten
   *[time] „{ $field }“ muss eine Uhrzeit enthalten, zum Beispiel 14:30
}
form-date-impossible = „{ $field }“ muss ein Datum sein, das es gibt, zum Beispiel 30. 11. 2026
form-day-impossible = „{ $field }“ muss ein Datum sein, das es gibt. { $days ->
    [28] Der { $month } { $year } hat 28 Tage
    [29] Der { $month } { $year } hat 29 Tage
   *[other] Der { $month } hat { $days } Tage
}
form-year-short = „{ $field }“ muss eine Jahreszahl mit vier Ziffern haben, zum Beispiel 2026
form-time-impossible = „{ $field }“ muss eine Uhrzeit haben, die es gibt, zum Beispiel 14:30
form-email-missing = Geben Sie eine E-Mail-Adresse für „{ $field }“ ein, zum Beispiel name@example.com
form-email-wrong = „{ $text }“ ist keine E-Mail-Adresse. Schreiben Sie sie wie name@example.com
form-email-line-wrong = Zeile { $line } ist keine E-Mail-Adresse: „{ $text }“. Schreiben Sie sie wie name@example.com
# Whether the address is known must not be told.
form-person-unusable = „{ $email }“ kann für „{ $field }“ nicht verwendet werden. Geben Sie die Adresse von jemandem ein, der diesen Helpdesk nutzt
form-too-many-people = Sie haben innerhalb einer Stunde viele Personen genannt. Nehmen Sie die neuen aus „{ $field }“ heraus, oder senden Sie das Formular später
form-refused-elsewhere = Der Helpdesk verlangt etwas, das dieses Formular nicht hat. Nennen Sie ihm das Formular, das Sie verwendet haben
form-file-missing = Fügen Sie eine Datei für „{ $field }“ hinzu
form-file-empty = „{ $file }“ ist leer
form-file-failed = „{ $file }“ wurde nicht hochgeladen. Wählen Sie die Datei noch einmal
form-file-crowded = „{ $file }“ wurde nicht hochgeladen: Im Moment sind zu viele Dateien unterwegs. Warten Sie eine Minute, und wählen Sie die Datei dann noch einmal
form-file-refused = Der Helpdesk nimmt „{ $file }“ nicht an. Wählen Sie eine kleinere Datei oder eine andere Art
form-files-forgotten = { $count ->
    [one] „{ $file }“ wurde vor zu langer Zeit hochgeladen. Wählen Sie die Datei noch einmal
   *[other] Ihre { $count } Dateien wurden vor zu langer Zeit hochgeladen. Wählen Sie sie noch einmal
}
form-file-too-large = „{ $file }“ ist zu groß: { $size } MB. Eine Datei darf höchstens { $limit } MB haben
form-too-many-files = { $limit ->
    [one] Sie können eine Datei hinzufügen. Es sind { $count }
   *[other] Sie können höchstens { $limit } Dateien hinzufügen. Es sind { $count }
}

## The form that makes a request

create-title-error = Fehler: { $name }
create-send = Anfrage senden
create-cancel = Abbrechen
create-articles = Das hilft vielleicht schon
create-next = Wie es weitergeht
create-next-number = Ihre Anfrage bekommt eine Nummer, und Sie sehen ihre Seite.
# $requests is a link, “My requests”.
create-next-answer = Dort antworten wir. Sie finden sie jederzeit unter { $requests }.
create-old = Das Helpdesk-System antwortet im Moment nicht. Sie können dieses Formular jetzt ausfüllen und senden, sobald es wieder antwortet.
create-look-again = Noch einmal nachsehen
create-not-sent = Ihre Anfrage wurde nicht gesendet: Das Helpdesk-System antwortet im Moment nicht. Alles, was Sie eingegeben haben, steht noch hier. Warten Sie eine Minute, und senden Sie sie dann.
create-unknown = Wir wissen noch nicht, ob Ihre Anfrage angekommen ist. Alles, was Sie eingegeben haben, steht noch hier. Sehen Sie gleich noch einmal nach. Es wird nichts doppelt gesendet.
form-stale = Dieses Formular ist von einem früheren Tag oder einer anderen Stelle und wurde deshalb nicht angenommen. Prüfen Sie, was Sie eingegeben haben, und senden Sie es noch einmal.
create-undecided = Ihre Anfrage wurde nicht gefunden. Vielleicht ist sie nicht angekommen. Sehen Sie unter Ihren Anfragen nach. Wenn sie dort nicht steht, senden Sie sie noch einmal.
request-created = Ihre Anfrage ist gesendet.
request-created-not-shared = Ihre Anfrage ist gesendet. Sie ließ sich nicht mit Ihrer Organisation teilen.
request-created-perhaps-shared = Ihre Anfrage ist gesendet. Ob sie mit Ihrer Organisation geteilt ist, wissen wir noch nicht: Sehen Sie sich diese Seite gleich noch einmal an.

## A form that was not taken, and what was typed into it

kept-text = Was Sie eingegeben haben, wird eine Stunde lang aufbewahrt. Nur Sie finden es im Formular wieder. Fügen Sie Dateien noch einmal hinzu, falls es welche gab.
kept-text-of-another = Was eingegeben wurde, wird eine Stunde lang für die Person aufbewahrt, die das Formular ausgefüllt hat, und niemand anderem gezeigt.
kept-no-text = Was Sie eingegeben haben, ließ sich nicht aufbewahren. Gehen Sie im Browser zurück, wo es vielleicht noch im Formular steht, und kopieren Sie es zuerst.
kept-log-in = Anmelden und weitermachen
kept-back = Zurück zum Formular
kept-shown = Das haben Sie zuvor eingegeben, und es wurde nicht gesendet. Prüfen Sie es, und senden Sie es. Fügen Sie Dateien noch einmal hinzu, falls es welche gab.
