# All texts that people are shown, in French. What en.ftl says of the texts goes for these, too. People are
# addressed formally. The spaces before : ; ! ? and inside « » do not break.

## Shared by several problems

-help-desk = Communiquez à votre centre d’assistance le code et le numéro d’opération ci-dessous.
-log-in-again = Reconnectez-vous. Si cela échoue encore, communiquez à votre centre d’assistance le code ci-dessous.
-goes-on = Cette page se poursuit d’elle-même dès que possible.
-from-the-list = Vérifiez le lien ou partez de la liste des portails.

## In place of the remedy, where a page must not be asked for again by itself

of-sent-form = Revenez au formulaire. Avant de l’envoyer à nouveau, vérifiez s’il figure parmi vos demandes.
of-answer = Attendez une minute, puis reconnectez-vous.

## The request itself

bad-request = Cette adresse ne peut pas être ouverte
    .text = L’adresse, ou ce qui a été envoyé avec elle, n’est pas comme elle devrait être. Rien n’a donc été transmis.
    .remedy = { -from-the-list }

method-not-allowed = Ce type d’accès n’est pas accepté
    .text = La méthode utilisée n’est pas de celles que le portail emploie.
    .remedy = Revenez en arrière et suivez un lien ou un bouton de la page.

headers-too-large = Votre navigateur a envoyé trop de données
    .text = Les en-têtes sont plus grands que ce qui est accepté ici ; le plus souvent, ce sont des cookies accumulés.
    .remedy = Supprimez les cookies de ce site et ouvrez à nouveau le lien.

body-too-large = L’envoi est trop volumineux
    .text = Il est possible d’envoyer au plus { $limit } à la fois.
    .remedy = Joignez un fichier plus petit, ou plusieurs l’un après l’autre.

text-too-long = Votre texte est trop long
    .text = Il est possible d’envoyer au plus { $limit } de texte à la fois.
    .remedy = Raccourcissez-le ou joignez la partie longue sous forme de fichier.

length-required = Ceci doit être envoyé autrement
    .text = Un texte long doit être accompagné de sa longueur ; les navigateurs l’envoient d’eux-mêmes.
    .remedy = Faites envoyer Content-Length par le programme, ou joignez la partie longue sous forme de fichier.

too-many-texts = Trop de personnes envoient de longs textes
    .text = Il n’y a pas de place pour un autre long texte en ce moment. Rien n’a été envoyé.
    .remedy = Envoyez-le à nouveau dans un instant.

wrong-host = Il n’y a rien sous ce nom
    .text = Les portails se trouvent à l’adresse { $public_url }.
    .remedy = Ouvrez plutôt { $public_url }.

cross-site = Cet accès provenait d’un autre site
    .text = Une page d’un autre site a essayé de modifier quelque chose ici ; cela a été empêché.
    .remedy = Si c’était votre intention, ouvrez le portail et faites-le là.

stale-form = Cette page n’est plus à jour
    .text = Le formulaire appartient à une connexion précédente.
    .remedy = Revenez en arrière, rechargez la page et réessayez.

path-not-open = Cette adresse n’est pas ouverte ici
    .text = Seuls les portails sont accessibles ici, et cette adresse est une autre partie de Jira.
    .remedy = Partez de la liste des portails. Si vous travaillez dans Jira, utilisez son adresse propre.

customer-unknown = Jira ne vous connaît pas comme client
    .text = La connexion ici a fonctionné, mais Jira en demande une autre : il n’a aucun client avec votre adresse, ou il n’est pas configuré pour accepter la connexion faite ici.
    .remedy = { -help-desk } Si vous avez un autre compte, connectez-vous avec celui-ci.

too-many-requests = Trop d’accès à la fois
    .text = Plus d’accès de votre part, ou de l’adresse de votre réseau, sont en cours qu’il n’en est servi ici à la fois.
    .remedy = { -goes-on }

too-many-websockets = Trop de connexions en direct à la fois
    .text = Plus de pages avec une connexion en direct sont ouvertes qu’il n’en est servi ici à la fois.
    .remedy = Fermez quelques-uns des autres onglets du portail et réessayez.

request-too-slow = L’envoi s’est arrêté
    .text = Ce que votre navigateur a envoyé est arrivé trop lentement ou s’est arrêté en chemin.
    .remedy = Vérifiez votre connexion et réessayez.

too-many-logins = Trop de connexions à la fois
    .text = Plus de connexions ont été commencées depuis l’adresse de votre réseau ou par vous en une minute qu’il n’en est accepté ici.
    .remedy = { -goes-on }

link-used = Ce lien n’est plus valable
    .text = Il ne pouvait être ouvert qu’une fois et pendant peu de temps.
    .remedy = Demandez-en un nouveau à la personne qui vous l’a donné.

emergency-network = Ce lien ne peut pas être ouvert d’ici
    .text = Les liens de ce genre ne s’ouvrent que depuis certains réseaux, et le vôtre n’en fait pas partie.
    .remedy = Ouvrez-le depuis le réseau de votre organisation ; le lien n’est pas encore utilisé.

not-found = Cette page n’existe pas
    .text = L’adresse ne mène nulle part.
    .remedy = { -from-the-list }

## The customer's account

identity-too-large = Votre compte fait partie de trop de groupes
    .text = Ce que la connexion de votre organisation dit de vous occupe { $bytes } octets ; le portail en reçoit { $limit } au plus.
    .remedy = Adressez-vous à votre centre d’assistance : ce que la connexion dit de vous doit être modifié.

customer-missing = Le portail ne vous connaît pas encore
    .text = Vous êtes connecté en tant que { $who }, et le système d’assistance n’a aucun client avec cette adresse.
    .remedy = Demandez à votre centre d’assistance d’ajouter { $who } comme client. Si vous avez un autre compte, connectez-vous avec celui-ci.

# $cause says why it cannot be told.
customer-unclear = On ne peut pas déterminer quel client vous êtes
    .text = { $cause ->
        [no-email] Vous êtes connecté en tant que { $who }, mais la connexion de votre organisation n’indique aucune adresse e-mail permettant de vous trouver.
        [several] Plusieurs clients dans le système d’assistance ont l’adresse { $who }.
        [hidden] Le système d’assistance ne montre pas quel client a l’adresse { $who }.
        [taken] Le client avec l’adresse { $who } appartient à une autre connexion, peut-être celle d’une personne qui avait cette adresse avant vous.
        [inactive] Le client avec l’adresse { $who } est désactivé dans le système d’assistance.
       *[gone] Le client auquel votre connexion { $who } appartient n’existe plus.
    }
    .remedy = { $cause ->
        [inactive] Demandez à votre centre d’assistance de réactiver le client { $who }.
        [no-email] Adressez-vous à votre centre d’assistance : l’administrateur doit faire en sorte que la connexion indique votre adresse.
       *[other] Adressez-vous à votre centre d’assistance : l’administrateur doit choisir votre compte client pour { $who }, avec la commande « jsm-gate customers bind ».
    }

customer-not-listed = « { $portal } » n’est ouvert qu’à ses propres clients
    .text = Vous êtes connecté en tant que { $who }, qui ne figure pas parmi les clients de ce portail.
    .remedy = Demandez à votre centre d’assistance d’ajouter { $who } aux clients de « { $portal } ». Si vous avez un autre compte, connectez-vous avec celui-ci.

customer-staff = Ce compte sert au travail dans Jira
    .text = Vous êtes connecté en tant que { $who }, et ce compte fait partie de l’équipe dans Jira. L’entrée des clients ne connecte pas de tels comptes.
    .remedy = Pour votre travail, utilisez la propre adresse de Jira. Si vous avez un autre compte comme client, connectez-vous avec celui-ci.

jira-denied = Jira ne vous y laisse pas entrer
    .text = Vous êtes connecté en tant que { $who }, et Jira indique que ce compte ne peut pas voir cette page.
    .remedy = { -help-desk } Si vous avez un autre compte, connectez-vous avec celui-ci.

jira-login-refused = Jira n’a pas accepté votre connexion
    .text = La connexion ici a fonctionné, mais Jira n’accepte pas ce qui lui a été dit de vous. Son journal en donne la raison.
    .remedy = { -help-desk }

jira-login-lost = Jira a oublié votre connexion
    .text = Jira a accepté votre connexion et ne vous connaissait plus à l’étape suivante.
    .remedy = Attendez une minute et ouvrez de nouveau le portail. Si cela n’aide pas : { -help-desk }

customers-unavailable = On ne peut pas vérifier qui vous êtes
    .text = Le système d’assistance ne répond pas pour le moment. Rien de ce qui est à vous n’est perdu.
    .remedy = { -goes-on }

## The portal

portal-unknown = Ce portail n’existe pas
    .text = Aucun portail n’a ce lien.
    .remedy = Vérifiez que le lien ne contient pas de faute de frappe, ou partez de la liste des portails.

portal-gone = Ce portail n’existe plus
    .text = « { $portal } » a été fermé ou déplacé.
    .remedy = Partez de la liste des portails ou demandez le nouveau lien à votre interlocuteur.

type-unavailable = Cette demande ne peut pas être faite ici
    .text = Le formulaire de « { $name } » demande quelque chose que ce portail ne peut pas afficher.
    .remedy = Communiquez à votre centre d’assistance le code ci-dessous, ou choisissez un autre type de demande.

portal-without-id = Ce portail n’est pas encore configuré
    .text = JSM n’indique pas l’adresse de « { $portal } ».
    .remedy = Votre administrateur peut définir `portal_id` pour lui dans la configuration.

directory-empty = Les portails ne sont pas encore connus
    .text = La liste des portails n’a pas encore pu être lue dans le système d’assistance.
    .remedy = { -goes-on }

# $cause is the kind of rule. Nothing is told of what the rule says.
refused = Vous n’avez pas accès à « { $portal } »
    .text = { $cause ->
        [other-provider] « { $portal } » est ouvert à ceux qui se connectent ailleurs.
        [not-in-emergency] « { $portal } » ne fait pas partie de ceux auxquels votre accès d’urgence donne droit.
        [denied-group] « { $portal } » est fermé à un groupe dont votre compte fait partie.
        [denied-email] « { $portal } » est fermé à votre compte.
        [denied-email-domain] « { $portal } » est fermé au domaine de messagerie de votre compte.
        [denied-provider] « { $portal } » est fermé aux comptes de la connexion que vous avez utilisée.
        [denied-claim] « { $portal } » est fermé en raison d’une information que votre organisation donne sur votre compte.
       *[not-listed] « { $portal } » n’est ouvert qu’à certains clients, et votre compte n’en fait pas partie.
    }
    .remedy = Si vous avez un autre compte, connectez-vous avec celui-ci. Si ce compte devrait avoir accès, demandez-le à votre interlocuteur au centre d’assistance.

# $cause is what the rule asks for. Nothing is told of what the rule says.
access-unknown = On ne sait pas si « { $portal } » vous est ouvert
    .text = { $cause ->
        [unknown-groups] L’accès à « { $portal } » dépend des groupes de votre compte, et votre connexion ne les a pas indiqués.
        [unknown-email] L’accès à « { $portal } » dépend de votre adresse e-mail, et votre connexion ne l’a pas indiquée.
       *[unknown-claim] L’accès à « { $portal } » dépend d’une information que votre organisation donne sur votre compte, et votre connexion ne l’a pas indiquée.
    }
    .remedy = Reconnectez-vous. Si cette page reste affichée, communiquez son code à votre centre d’assistance : ce que votre connexion indique doit être modifié.

other-provider = « { $portal } » demande une autre connexion
    .text = « { $portal } » est ouvert à ceux qui se connectent avec « { $provider } ».
    .remedy = Connectez-vous avec « { $provider } » ; cette connexion remplacera votre connexion actuelle ici.

step-up-needed = « { $portal } » demande une autre connexion
    .text = « { $portal } » exige une connexion plus forte ou plus récente que la vôtre.
    .remedy = Recommencez ; la connexion commencera alors.

step-up-failed = Cette connexion ne suffit pas pour « { $portal } »
    .text = « { $portal } » exige une connexion plus forte ou plus récente que celle qui vient d’être faite.
    .remedy = Reconnectez-vous avec ce que votre organisation exige, par exemple un second facteur ; si cela n’aide pas, adressez-vous à votre centre d’assistance. Tout le reste vous est ouvert comme avant.

login-needed = Vous n’êtes pas connecté
    .text = Vous devez vous connecter pour pouvoir faire cela ; votre dernière connexion a peut-être pris fin.
    .remedy = Connectez-vous et réessayez.

## Applications that log people in here (SAML)

service-provider-unknown = Cette application n’existe pas
    .text = L’adresse est celle d’une application qui n’est pas connue ici.
    .remedy = { -from-the-list }

saml-request = Il est impossible de répondre à la demande de cette application
    .text = Une application vous a envoyé ici pour vous connecter, et ce qu’elle a transmis n’est pas correct.
    .remedy = Revenez à l’application et recommencez. Si l’échec persiste, communiquez à votre centre d’assistance le code et le numéro de requête ci-dessous.

saml-request-old = Trop de temps s’est écoulé
    .text = « { $name } » vous a envoyé ici pour vous connecter, mais il y a trop longtemps.
    .remedy = Ouvrez à nouveau « { $name } ».

# $cause is what cannot be told.
not-vouched = Vous ne pouvez pas être connecté à « { $name } »
    .text = { $cause ->
        [no-address] « { $name } » a besoin de votre adresse e-mail, et votre connexion ne l’a pas indiquée.
        [unverified] « { $name } » a besoin de votre adresse e-mail, et votre connexion ne l’a pas confirmée.
        [characters] Une information que votre connexion donne sur vous contient des caractères qui ne peuvent pas être transmis à « { $name } ».
       *[missing] « { $name } » a besoin d’une information sur vous que votre connexion n’a pas indiquée.
    }
    .remedy = Si vous avez un autre compte, connectez-vous avec celui-ci. Sinon, communiquez à votre centre d’assistance le code ci-dessous : ce que votre connexion indique doit être modifié.

too-many-answers = Trop de personnes se connectent
    .text = Il y a en ce moment plus de connexions à des applications que de places.
    .remedy = { -goes-on }

## Behind the gate

sessions-unavailable = Les connexions ne peuvent pas être vérifiées pour le moment
    .text = Il est impossible de savoir qui est connecté.
    .remedy = { -goes-on }

emergency-unaudited = L’accès d’urgence n’est pas possible pour le moment
    .text = Il faut consigner qui l’utilise, et cela n’a pas fonctionné.
    .remedy = Prévenez la personne qui vous a donné le lien ; elle pourra en créer un nouveau dès que cela fonctionnera à nouveau.

upstream-unreachable = Le portail ne répond pas
    .text = Le système d’assistance est injoignable pour le moment. Vous êtes toujours connecté.
    .remedy = { -goes-on }

upstream-busy = Le portail est occupé
    .text = Le système d’assistance a plus à faire qu’il ne peut en ce moment. Vous êtes toujours connecté, et votre demande n’a pas été transmise.
    .remedy = { -goes-on }

upstream-slow = Le portail met trop de temps
    .text = Le système d’assistance n’a pas répondu à temps. Vous êtes toujours connecté.
    .remedy = { -goes-on }

internal = Une erreur s’est produite ici
    .text = L’opération n’a pas pu être menée à bien.
    .remedy = Réessayez ; si cela se reproduit, communiquez à votre centre d’assistance le code et le numéro d’opération ci-dessous.

## A login that failed

provider-unreachable = La connexion de votre organisation ne répond pas
    .text = « { $provider } » est injoignable pour le moment ; personne ne peut donc se connecter.
    .remedy = Cette page se poursuit d’elle-même dès qu’elle répond à nouveau.

login-loop = La connexion tourne en rond
    .text = { $cause ->
        [session-cookie-missing] Vous vous êtes connecté plusieurs fois en une minute, mais votre navigateur ne conserve pas le cookie qui l’indique.
       *[session-unknown] Vous vous êtes connecté plusieurs fois en une minute, mais la connexion n’est pas reconnue ensuite.
    }
    .remedy = Autorisez les cookies pour ce site, vérifiez l’horloge de votre appareil, puis reconnectez-vous.

login-expired = Cette connexion n’est plus ouverte
    .text = { $cause ->
        [code-refused] La connexion a déjà été utilisée, ou elle a pris trop de temps.
        [too-old] La connexion a pris trop de temps.
        [spent] Elle a déjà été terminée, peut-être par un second clic.
       *[not-pending] Elle a déjà été terminée, a été commencée dans un autre navigateur, ou votre navigateur ne conserve pas les cookies.
    }
    .remedy = Reconnectez-vous. Si vous revenez ici, autorisez les cookies pour ce site.

login-cancelled = Vous avez annulé la connexion
    .text = Vous n’avez pas terminé la connexion auprès de votre organisation. Elle a répondu : { $answer }.
    .remedy = Reconnectez-vous quand vous le souhaitez.

login-timed-out = La connexion a pris trop de temps
    .text = La page de connexion de votre organisation est restée ouverte trop longtemps, ou la connexion s’est poursuivie dans un autre onglet.
    .remedy = Reconnectez-vous.

provider-busy = La connexion de votre organisation ne peut pas répondre pour le moment
    .text = Elle a répondu : { $answer }.
    .remedy = Attendez une minute, puis reconnectez-vous.

# Providers have one answer for those who cancel and those who may not log in.
provider-refused = La connexion de votre organisation ne vous a pas laissé entrer
    .text = Elle a répondu : { $answer }. Soit la connexion y a été annulée, soit ce compte n’a pas le droit de se connecter ici.
    .remedy = Connectez-vous avec un autre compte, ou communiquez à votre centre d’assistance le code ci-dessous.

email-unverified = Votre adresse e-mail n’est pas confirmée
    .text = La connexion de votre organisation n’a pas confirmé que { $email } est à vous.
    .remedy = Confirmez-y l’adresse et reconnectez-vous, ou connectez-vous avec un autre compte.

email-invalid = Votre adresse e-mail ne peut pas être utilisée
    .text = { $email } n’est pas une adresse dont le titulaire peut être déterminé avec certitude.
    .remedy = { -help-desk }

email-domain-elsewhere = Cette adresse se connecte ailleurs
    .text = Vous vous êtes connecté en tant que { $email }, mais ces adresses se connectent avec « { $provider } ».
    .remedy = Connectez-vous là ou avec un autre compte.

callback-invalid = Ceci n’est pas la réponse à une connexion
    .text = { $cause ->
        [refused] La connexion a été refusée, mais la réponse ne dit pas de quelle connexion elle vient. Son contenu ne figure donc que dans le journal.
       *[no-answer] L’adresse n’appartient à aucune connexion commencée ici.
    }
    .remedy = { -log-in-again }

issuer-mismatch = Ceci n’est pas la réponse à une connexion
    .text = { $cause ->
        [refused] La connexion a été refusée, mais la réponse ne dit pas de quelle connexion elle vient. Son contenu ne figure donc que dans le journal.
       *[no-answer] L’adresse n’appartient à aucune connexion commencée ici.
    }
    .remedy = { -log-in-again }

token-response = La connexion n’a pas pu être vérifiée
    .text = La connexion de votre organisation a donné une réponse qui ne prouve pas qui vous êtes.
    .remedy = { -log-in-again }

token-invalid = La connexion n’a pas pu être vérifiée
    .text = La connexion de votre organisation a donné une réponse qui ne prouve pas qui vous êtes.
    .remedy = { -log-in-again }

user-info-invalid = La connexion n’a pas pu être vérifiée
    .text = La connexion de votre organisation a donné une réponse qui ne prouve pas qui vous êtes.
    .remedy = { -log-in-again }

provider-unknown = Cette connexion n’existe pas
    .text = L’adresse est celle d’une connexion qui n’est pas configurée ici.
    .remedy = { -help-desk }

client-rejected = La connexion n’est pas configurée correctement
    .text = Le portail et la connexion de votre organisation ne se comprennent pas.
    .remedy = { -help-desk }

request-refused = La connexion n’est pas configurée correctement
    .text = Le portail et la connexion de votre organisation ne se comprennent pas.
    .remedy = { -help-desk }

login-cookie = La connexion n’est pas configurée correctement
    .text = Le portail et la connexion de votre organisation ne se comprennent pas.
    .remedy = { -help-desk }

## Times, already in the customer's time zone

time-of-day = { $time }
time-today = aujourd’hui, { $time }
time-yesterday = hier, { $time }
time-this-year = { $day ->
    [1] 1er { $short_month }, { $time }
   *[other] { $day } { $short_month }, { $time }
}
time-other-year = { $day ->
    [1] 1er { $short_month } { $year }, { $time }
   *[other] { $day } { $short_month } { $year }, { $time }
}
day-in-full = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
}
time-in-full = { $day ->
    [1] 1er { $month } { $year } à { $time }
   *[other] { $day } { $month } { $year } à { $time }
}

month-1 = janvier
    .short = janv.
month-2 = février
    .short = févr.
month-3 = mars
    .short = mars
month-4 = avril
    .short = avr.
month-5 = mai
    .short = mai
month-6 = juin
    .short = juin
month-7 = juillet
    .short = juil.
month-8 = août
    .short = août
month-9 = septembre
    .short = sept.
month-10 = octobre
    .short = oct.
month-11 = novembre
    .short = nov.
month-12 = décembre
    .short = déc.

# $unit is bytes, kilo or mega.
size = { $unit ->
    [bytes] { $number } octets
    [kilo] { $number } Ko
   *[mega] { $number } Mo
}

## The frame of every page

frame-skip = Aller au contenu principal
frame-navigation = Navigation principale
frame-requests = Mes demandes
frame-account = Compte
frame-who = Connecté en tant que { $who }
frame-help = Besoin d’aide ? { $contact }
frame-language = Langue : { $language }
# $zone is a city.
frame-preferences = { $language }, heure de { $zone }
frame-log-out = Se déconnecter
frame-emergency = Accès d’urgence
frame-emergency-text = en tant que { $who } jusqu’à { $until }. Tout ce que vous ouvrez est consigné.
frame-emergency-end = Mettre fin à l’accès d’urgence

## Words of several pages

one-moment = Un instant
continue = Continuer
post-text = Si rien ne se passe, appuyez sur le bouton pour continuer vers { $host }.
you-are = Vous êtes connecté en tant que { $who }.
login-again = Se reconnecter
log-in-as-other = Se connecter avec un autre compte
log-in-at = Se connecter avec { $provider }
log-out-there-first = Si { $provider } vous connecte à nouveau avec le même compte, déconnectez-vous d’abord là-bas.
log-out-elsewhere-first = Si votre organisation vous connecte à nouveau avec le même compte, déconnectez-vous d’abord là-bas, ou ouvrez cette page dans une fenêtre privée.
try-again = Réessayer
choose-another-login = Choisir une autre connexion

## What a problem's page says for the help desk

problem-code = Code
problem-reason = Raison
problem-request = Numéro d’opération

## The login's pages

choose-title = Se connecter
choose-title-error = Erreur : Se connecter
choose-email = Votre adresse e-mail professionnelle
choose-email-hint = Elle indique la connexion de votre organisation. Vous ne saisissez pas de mot de passe ici.
choose-no-address = Ce n’est pas une adresse e-mail complète.
choose-no-provider = Aucune connexion n’est connue pour cette adresse. Cherchez une faute de frappe ou choisissez votre organisation.
choose-organisation = Choisissez votre organisation
choose-or-organisation = Ou choisissez votre organisation

emergency-lets-in = Ce lien donne accès à { $account } pendant { $minutes } minutes, à :
emergency-once = Il fonctionne une seule fois. Si ce n’est pas vous, fermez cette page. L’identité de la personne qui l’utilise est consignée.
emergency-start = Commencer l’accès d’urgence

logout-question = Se déconnecter ?
logout-stay = Rester connecté
logged-out-title = Déconnecté
logged-out-heading = Vous êtes déconnecté
logged-out-there = Vous êtes déconnecté ici et de { $at }. Si cet appareil n’est pas le vôtre, fermez aussi le navigateur.
logged-out-here = Vous êtes déconnecté ici. La connexion de votre organisation est peut-être encore ouverte dans ce navigateur. Si cet appareil n’est pas le vôtre, fermez aussi le navigateur.

same-account-title = À nouveau le même compte
same-account-heading = Vous êtes à nouveau connecté avec le même compte
same-account-text = { $provider } n’a pas demandé d’autre compte. Vous êtes toujours connecté en tant que { $who }.
same-account-log-out = Pour utiliser un autre compte, déconnectez-vous d’abord de { $provider }, puis reconnectez-vous.
same-account-private-window = Pour utiliser un autre compte, déconnectez-vous d’abord de { $provider }, ou ouvrez cette page dans une fenêtre privée.
same-account-go-on = Continuer avec ce compte
log-out-at = Se déconnecter de { $provider }

tested-title = Connexion d’essai
tested-heading = La connexion d’essai a fonctionné
tested-text = La connexion dit que vous êtes { $account }. Ce qu’elle dit d’autre, et les portails que cela ouvre, s’affiche là où l’essai a été lancé.
tested-close = C’était un essai : vous n’êtes pas connecté ici. Fermez cette page.

## The customer's portals

home-title = Vos portails
home-search = Chercher un portail
home-no-such = Aucun portail ne porte ce nom. { $all }
home-show-all = Tout afficher
home-none = Aucun portail n’est ouvert à { $who }.
home-none-remedy = Si vous avez un autre compte, connectez-vous avec celui-ci. Si ce compte devrait avoir accès, demandez-le à votre interlocuteur au centre d’assistance.

## The page on which a customer chooses language and time zone

preferences-title = Langue et fuseau horaire
preferences-saved = Vos préférences sont enregistrées.
preferences-language = Langue
preferences-language-hint = Pages et messages. Les textes que des personnes ont écrits restent tels quels.
preferences-zone = Fuseau horaire
# $time is the time of day there, $zone a city.
preferences-zone-hint = Toutes les heures sont affichées dans ce fuseau. Il est maintenant { $time } (heure de { $zone }).
preferences-zone-default = Comme le centre d’assistance ({ $zone })
preferences-save = Enregistrer les préférences
preferences-me = Vous êtes connecté en tant que
preferences-me-text = Ces informations viennent de la connexion de votre organisation. Adressez-vous à elle pour les faire modifier.
preferences-name = Nom
preferences-email = Adresse e-mail

zone-africa = Afrique
zone-america = Amérique
zone-antarctica = Antarctique
zone-asia = Asie
zone-atlantic = Océan Atlantique
zone-australia = Australie
zone-europe = Europe
zone-indian = Océan Indien
zone-pacific = Océan Pacifique

## The home page of a portal, and its search

portal-announcement = Annonce
portal-announcement-away = J’ai lu cette annonce
portal-search-label = Pour quoi avez-vous besoin d’aide ?
portal-search-hint = Trouve des types de demande et vos propres demandes
portal-search-hint-articles = Trouve des types de demande, vos propres demandes et des articles d’aide
portal-search-button = Rechercher
portal-open-requests = Vos demandes ouvertes
portal-all-requests = Voir toutes mes demandes
portal-request-line = { $key } · mise à jour { $time }
portal-old = Le système d’assistance ne répond pas pour le moment. Vous voyez le dernier état connu, qui a pu changer.
portal-requests-away = Vos demandes ne peuvent pas être affichées maintenant, car le système d’assistance ne répond pas. Rien n’est perdu.
portal-no-types = Aucune demande ne peut être faite ici pour le moment.

search-title = Recherche : { $words }
search-heading = Recherche
search-found = { $count ->
    [one] { $count } résultat pour « { $words } »
   *[other] { $count } résultats pour « { $words } »
}
search-count-types = { $count ->
    [one] { $count } type de demande
   *[other] { $count } types de demande
}
search-count-requests = { $count ->
    [one] { $count } de vos demandes
   *[other] { $count } de vos demandes
}
search-count-articles = { $count ->
    [one] { $count } article d’aide
   *[other] { $count } articles d’aide
}
# What a script says aloud while somebody types.
search-suggestions = { $count ->
    [0] Aucune suggestion
    [one] { $count } suggestion
   *[other] { $count } suggestions
}
search-nothing = Aucun résultat pour « { $words } »
search-types = Types de demande
search-requests = Vos demandes
search-other = Ce n’est pas ce que vous cherchiez ?
search-other-text = Essayez d’autres mots, ou moins de mots. Le numéro d’une demande y mène directement.

## The knowledge base

kb-articles = Articles d’aide
kb-more = Cela ne répond pas à votre question ?

## The list of requests

requests-heading = Mes demandes
requests-whose = Quelles demandes
requests-mine = Les miennes
requests-shared = Partagées avec moi
requests-approvals = En attente de mon approbation
requests-search = Rechercher dans ces demandes
requests-status = État
requests-state-open = Ouvertes
requests-state-closed = Fermées
requests-state-all = Ouvertes et fermées
requests-more-filters = Plus de filtres
requests-any = Tous
requests-type = Type de demande
requests-portal = Portail
requests-from = Faites à partir du
requests-to = Faites jusqu’au
requests-sort = Trier par
requests-sort-updated = Dernière mise à jour
requests-sort-newest = Les plus récentes
requests-sort-oldest = Les plus anciennes
requests-columns = Ce qui est affiché
requests-column-type = Type de demande
requests-column-portal = Portail
requests-column-by = Faite par
requests-column-made = Date de la demande
requests-column-updated = Dernière mise à jour
requests-column-priority = Priorité
requests-column-assignee = Qui la traite
requests-column-sla = Délais convenus
requests-show = Afficher les demandes
requests-csv = Télécharger au format CSV
requests-count = { $count ->
    [one] { $count } demande
   *[other] { $count } demandes
}
requests-count-about = { $shown } sur environ { $count } demandes
requests-pages = Pages
requests-next = Page suivante
requests-previous = Page précédente
requests-first = Première page
requests-title-nothing = Mes demandes : aucun résultat
# $state is open, closed or all.
requests-none-words = { $state ->
    [open] Aucune demande ouverte avec « { $words } »
    [closed] Aucune demande fermée avec « { $words } »
   *[all] Aucune demande avec « { $words } »
}
requests-none-fits = { $state ->
    [open] Aucune demande ouverte ne correspond à ces filtres
    [closed] Aucune demande fermée ne correspond à ces filtres
   *[all] Aucune demande ne correspond à ces filtres
}
requests-none-yet = Vous n’avez pas encore fait de demande
requests-none-here = Aucune demande sur cette page
requests-none-mine = { $state ->
    [open] Vous n’avez aucune demande ouverte
    [closed] Vous n’avez aucune demande fermée
   *[all] Vous n’avez aucune demande
}
requests-none-shared = { $state ->
    [open] Aucune demande ouverte n’est partagée avec vous
    [closed] Aucune demande fermée n’est partagée avec vous
   *[all] Aucune demande n’est partagée avec vous
}
requests-none-approvals = Aucune demande n’attend votre approbation
requests-none-organization = { $state ->
    [open] Aucune demande ouverte n’est partagée avec cette organisation
    [closed] Aucune demande fermée n’est partagée avec cette organisation
   *[all] Aucune demande n’est partagée avec cette organisation
}
requests-closed = { $count ->
    [one] { $count } demande fermée correspond
   *[other] { $count } demandes fermées correspondent
}
requests-closed-about = Environ { $count } demandes fermées correspondent
requests-show-closed = Afficher aussi les demandes fermées
requests-clear = Effacer la recherche et les filtres
requests-make = Faire une demande
requests-left-out = Le système d’assistance ne répond pas pour ces portails en ce moment ; leurs demandes manquent donc ici :
requests-updated = Mise à jour : { $time }
requests-made = Faite : { $time }
requests-by = faite par { $who }

## A request

request-line = { $mine ->
    [true] { $type } · faite par vous le { $time }
   *[false] { $type } · faite par { $who } le { $time }
}
request-details = Détails
request-activity = Activité
request-status-changed = État changé en { $status } · { $time }
request-made = { $mine ->
    [true] Vous avez fait cette demande · { $time }
   *[false] { $who } a fait cette demande · { $time }
}
request-earlier = { $count ->
    [one] Afficher { $count } entrée antérieure
   *[other] Afficher { $count } entrées antérieures
}
request-about = À propos de cette demande
request-history = État
request-approvals = Approbation
request-decision-approved = Approuvée
request-decision-declined = Refusée
request-decision-pending = En attente
native-approve = Votre approbation est demandée
    .link = Décider dans Jira Service Management
    .mail = Jira Service Management vous a envoyé un e-mail à ce sujet. Ses liens vous permettent de décider.
native-rate = Qu’en avez-vous pensé ?
    .link = Évaluer dans Jira Service Management
request-people = Personnes
request-you = Vous
request-organizations = Partagée avec
request-files = Fichiers
request-external = Externe
request-do = Ce que vous pouvez faire
request-moved = L’état de cette demande a changé.
request-not-changed = Rien n’a été modifié : le système d’assistance ne l’a pas accepté, ou ne répond pas pour le moment. Attendez une minute, puis réessayez.
request-not-offered = Ce n’est plus possible : l’état a changé entre-temps.
request-not-known = Nous ne savons pas encore si cela a été fait. Regardez à nouveau cette page dans un instant.

## The page that asks before the status of a request is changed

# $transition is what Jira calls the step, such as “Resolve this request”.
transition-question = { $transition } ?
transition-comment = Voulez-vous ajouter quelque chose ?
transition-back = Retour

## The reply to a request

reply-label = Votre réponse
reply-hint = Toutes les personnes qui participent à cette demande peuvent la lire. Les listes avec -, **gras**, `code` et les liens fonctionnent.
reply-files = Ajouter des fichiers
reply-preview = Aperçu
reply-preview-heading = Aperçu de votre réponse
reply-send = Envoyer la réponse
# $transition is what Jira calls a step, such as “Resolve this request”.
reply-send-and = Envoyer, puis : { $transition }
reply-sent = Votre réponse est envoyée.
reply-sent-only = Votre réponse est envoyée, mais l’état n’a pas pu être modifié.
reply-sent-at-least = Votre réponse est envoyée. Nous ne savons pas si l’état a été modifié lui aussi : vérifiez-le ici avant de le modifier à nouveau.
reply-empty = Saisissez une réponse
reply-too-long = Votre réponse doit compter { $limit } caractères au plus. Il y en a { $count }
reply-refused = Le système d’assistance n’a pas accepté votre réponse. Tout ce que vous avez saisi est encore ici. Si cela se reproduit, prévenez votre centre d’assistance.
reply-not-offered = Votre réponse n’a pas été envoyée, car l’état a changé entre-temps. Tout ce que vous avez saisi est encore ici.
reply-not-sent = Votre réponse n’a pas été envoyée : le système d’assistance ne répond pas pour le moment. Tout ce que vous avez saisi est encore ici. Attendez une minute, puis envoyez-la.
reply-unknown = Nous ne savons pas encore si votre réponse est arrivée. Tout ce que vous avez saisi est encore ici. Regardez à nouveau dans un instant ; rien n’est envoyé deux fois.
reply-undecided = Votre réponse n’a pas été trouvée dans cette demande. Elle n’est peut-être pas arrivée. Regardez l’activité ci-dessus ; si elle n’y est pas, envoyez-la à nouveau.

## The people of a request, and the organisations that it is shared with

people-leave = Ne plus suivre
people-remove = Retirer { $person }
people-add-person = Ajouter une personne
people-email = Adresse e-mail
people-hint = Cette personne peut lire cette demande et y répondre
people-add = Ajouter la personne
people-empty = Saisissez une adresse e-mail, par exemple name@example.com
people-too-many = Vous avez nommé beaucoup de personnes en une heure. Réessayez plus tard
# Whether the address is known must not be told.
people-added = La personne qui a cette adresse et accès à ce centre d’assistance participe maintenant à cette demande.
people-removed = Cette personne ne participe plus à la demande.
sharing-nobody = Seules les personnes nommées ici peuvent la voir.
sharing-share = Partager avec { $organization }
sharing-stop = Ne plus partager avec { $organization }
sharing-shared = Cette demande est partagée. Tout le monde dans cette organisation peut la voir.
sharing-unshared = Cette demande n’est plus partagée avec cette organisation.

request-slas = Délais convenus
shown-priority = Priorité
    .line = Priorité : { $value }
shown-assignee = Traitée par
    .line = Traitée par { $value }
sla-due = avant { $time }
sla-paused = en pause
sla-missed = dépassé
sla-met = respecté
# $name is what Jira calls the agreed time, $state one of the four above.
sla-line = { $name } : { $state }

## The columns of a list as CSV

csv-key = Demande
csv-summary = Résumé
csv-type = Type de demande
csv-status = État
csv-by = Faite par
csv-made = Faite
csv-updated = Mise à jour
csv-portal = Portail

## The form that makes a request

form-problem = Il y a un problème
form-error = Erreur :
form-optional = (facultatif)
form-optional-label = { $name } { $optional }
form-none = Aucun
form-choose = Choisir
form-narrow = Rechercher dans cette liste
form-narrow-none = Rien dans cette liste ne correspond
# A script puts the number there.
form-characters-left = Caractères restants : { $count }
form-characters-over = Caractères en trop : { $count }
form-cascade = { $parent }, { $child }

# $part is day, month, year or time.
form-date-part = { $part ->
    [day] Jour
    [month] Mois
    [year] Année
   *[time] Heure
}

form-hint-choices = Choisissez tout ce qui convient
form-hint-date = Par exemple 30 11 2026
# $zone is a city.
form-hint-date-time = Heure de { $zone }, par exemple 2 12 2026 à 14:30
# $size is in megabytes, $count how many files there may be.
form-hint-files = { $count ->
    [one] Jusqu’à { $size } Mo
   *[other] Jusqu’à { $size } Mo par fichier, et jusqu’à { $count } fichiers
}
form-hint-labels = Des mots isolés, séparés par des espaces
form-hint-participants = Adresses e-mail, une par ligne. Les personnes qui ont accès sont ajoutées ; elles peuvent lire cette demande et y répondre.
form-hint-people = Adresses e-mail, une par ligne
form-hint-person = Une adresse e-mail

form-sharing = Qui peut voir cette demande ?
form-share-private = Seulement les personnes nommées ici
form-share-private-hint = Vous, et les personnes que vous nommez dans ce formulaire
form-share-organization = Tout le monde chez { $organization }
form-share-organization-hint = Tous les collègues qui utilisent ce centre d’assistance

form-upload = Charger maintenant
form-files-kept = Fichiers ajoutés
# A script puts the number there.
form-uploading = Chargement : { $percent } %
form-uploaded = Chargé
form-upload-failed = Les fichiers n’ont pas été chargés. Envoyez le formulaire pour réessayer
form-draft = Vous avez déjà commencé ce formulaire dans ce navigateur, sans l’envoyer.
form-draft-take = Continuer
form-draft-drop = Abandonner
form-file-size = { $size } Mo
form-file-remove = Retirer { $file }
form-files-uploaded = Vos fichiers sont chargés. Ils sont envoyés avec le formulaire.
form-file-removed = Le fichier est retiré.

## Mistakes in that form. $field is the name that the help desk gave the field.

form-empty = Saisissez une réponse pour « { $field } »
form-not-chosen = Choisissez une réponse pour « { $field } »
form-too-long = « { $field } » doit compter { $limit } caractères au plus. Il y en a { $count }
form-label-too-long = « { $text } » est trop long. Un mot de « { $field } » peut compter { $limit } caractères
form-not-a-number = « { $field } » doit être un nombre, par exemple 1500 ou 1499,90
form-number-too-large = « { $field } » doit être un nombre compris entre -100 billions et 100 billions
form-url-wrong = « { $field } » doit être une adresse web, par exemple https://www.example.com/offer
# $part is day, month, year or time.
form-date-incomplete = { $part ->
    [day] « { $field } » doit comporter un jour
    [month] « { $field } » doit comporter un mois
    [year] « { $field } » doit comporter une année
   *[time] « { $field } » doit comporter une heure, par exemple 14:30
}
form-date-impossible = « { $field } » doit être une date qui existe, par exemple 30 11 2026
form-day-impossible = « { $field } » doit être une date qui existe. { $days ->
    [28] En { $month } { $year }, il y a 28 jours
    [29] En { $month } { $year }, il y a 29 jours
   *[other] En { $month }, il y a { $days } jours
}
form-year-short = « { $field } » doit avoir une année à quatre chiffres, par exemple 2026
form-time-impossible = « { $field } » doit avoir une heure qui existe, par exemple 14:30
form-email-missing = Saisissez une adresse e-mail pour « { $field } », par exemple name@example.com
form-email-wrong = « { $text } » n’est pas une adresse e-mail. Écrivez-la comme name@example.com
form-email-line-wrong = La ligne { $line } n’est pas une adresse e-mail : « { $text } ». Écrivez-la comme name@example.com
# Whether the address is known must not be told.
form-person-unusable = « { $email } » ne peut pas être utilisée pour « { $field } ». Saisissez l’adresse d’une personne qui utilise ce centre d’assistance
form-too-many-people = Vous avez nommé beaucoup de personnes en une heure. Retirez les nouvelles de « { $field } », ou envoyez le formulaire plus tard
form-refused-elsewhere = Le centre d’assistance demande quelque chose que ce formulaire n’a pas. Dites-lui quel formulaire vous avez utilisé
form-file-missing = Ajoutez un fichier pour « { $field } »
form-file-empty = « { $file } » est vide
form-file-failed = « { $file } » n’a pas été chargé. Choisissez-le à nouveau
form-file-crowded = « { $file } » n’a pas été chargé : trop de fichiers sont en cours de chargement pour le moment. Attendez une minute, puis choisissez-le à nouveau
form-file-refused = Le centre d’assistance n’accepte pas « { $file } ». Choisissez un fichier plus petit ou d’un autre type
form-files-forgotten = { $count ->
    [one] « { $file } » a été chargé il y a trop longtemps. Choisissez-le à nouveau
   *[other] Vos { $count } fichiers ont été chargés il y a trop longtemps. Choisissez-les à nouveau
}
form-file-too-large = « { $file } » est trop volumineux : { $size } Mo. Un fichier peut faire { $limit } Mo au plus
form-too-many-files = { $limit ->
    [one] Vous pouvez ajouter un seul fichier. Il y en a { $count }
   *[other] Vous pouvez ajouter { $limit } fichiers au plus. Il y en a { $count }
}

## The form that makes a request

create-title-error = Erreur : { $name }
create-send = Envoyer la demande
create-cancel = Annuler
create-articles = Ceci peut déjà vous aider
create-next = Et ensuite
create-next-number = Votre demande reçoit un numéro, et vous voyez sa page.
# $requests is a link, “My requests”.
create-next-answer = Nous y répondons. Vous la trouvez à tout moment dans { $requests }.
create-old = Le système d’assistance ne répond pas pour le moment. Vous pouvez remplir ce formulaire maintenant et l’envoyer quand il répondra à nouveau.
create-look-again = Regarder à nouveau
create-not-sent = Votre demande n’a pas été envoyée : le système d’assistance ne répond pas pour le moment. Tout ce que vous avez saisi est encore ici. Attendez une minute, puis envoyez-la.
create-unknown = Nous ne savons pas encore si votre demande est arrivée. Tout ce que vous avez saisi est encore ici. Regardez à nouveau dans un instant ; rien n’est envoyé deux fois.
form-stale = Ce formulaire date d’un jour précédent ou vient d’un autre endroit ; il n’a donc pas été accepté. Vérifiez ce que vous avez saisi et envoyez-le à nouveau.
create-undecided = Votre demande n’a pas été trouvée. Elle n’est peut-être pas arrivée. Regardez parmi vos demandes ; si elle n’y est pas, envoyez-la à nouveau.
request-created = Votre demande est envoyée.
request-created-not-shared = Votre demande est envoyée. Elle n’a pas pu être partagée avec votre organisation.
request-created-perhaps-shared = Votre demande est envoyée. Nous ne savons pas encore si elle est partagée avec votre organisation : regardez à nouveau cette page dans un instant.

## A form that was not taken, and what was typed into it

kept-text = Ce que vous avez saisi est conservé pendant une heure. Vous seul le retrouverez dans le formulaire. Ajoutez à nouveau les fichiers, s’il y en avait.
kept-text-of-another = Ce qui a été saisi est conservé pendant une heure pour la personne qui a rempli le formulaire, et n’est montré à personne d’autre.
kept-no-text = Ce que vous avez saisi n’a pas pu être conservé. Revenez en arrière dans votre navigateur, où le texte se trouve peut-être encore dans le formulaire, et copiez-le d’abord.
kept-log-in = Se connecter et continuer
kept-back = Retour au formulaire
kept-shown = Vous avez saisi ceci auparavant, et cela n’a pas été envoyé. Vérifiez-le et envoyez-le. Ajoutez à nouveau les fichiers, s’il y en avait.
