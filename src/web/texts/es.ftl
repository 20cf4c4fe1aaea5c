# All texts that people are shown, in Spanish. What en.ftl says of the texts goes for these, too. People are
# addressed as usted.

## Shared by several problems

-help-desk = Indique a su centro de asistencia el código y el número de operación que figuran abajo.
-log-in-again = Vuelva a iniciar sesión. Si sigue fallando, indique a su centro de asistencia el código que figura abajo.
-goes-on = Esta página continúa por sí sola en cuanto sea posible.
-from-the-list = Compruebe el enlace o parta de la lista de portales.

## In place of the remedy, where a page must not be asked for again by itself

of-sent-form = Vuelva al formulario. Antes de enviarlo de nuevo, compruebe si está entre sus solicitudes.
of-answer = Espere un minuto y vuelva a iniciar sesión.

## The request itself

bad-request = No se puede abrir esta dirección
    .text = La dirección, o lo que se envió con ella, no es como debe ser, así que no se ha transmitido nada.
    .remedy = { -from-the-list }

method-not-allowed = No se acepta este tipo de acceso
    .text = El método del acceso no es ninguno de los que usa el portal.
    .remedy = Vuelva atrás y siga un enlace o un botón de la página.

headers-too-large = Su navegador ha enviado demasiado
    .text = Las cabeceras son más grandes de lo que se acepta aquí; casi siempre son cookies que se han acumulado.
    .remedy = Elimine las cookies de este sitio y abra de nuevo el enlace.

body-too-large = Lo que se ha subido es demasiado grande
    .text = Se pueden enviar como máximo { $limit } de una vez.
    .remedy = Adjunte un archivo más pequeño, o varios uno tras otro.

text-too-long = Su texto es demasiado largo
    .text = Se pueden enviar como máximo { $limit } de texto de una vez.
    .remedy = Acórtelo o adjunte la parte larga como archivo.

length-required = Esto debe enviarse de otra manera
    .text = Un texto largo debe ir acompañado de su longitud; los navegadores la envían por sí solos.
    .remedy = Haga que el programa envíe Content-Length, o adjunte la parte larga como archivo.

too-many-texts = Demasiadas personas están enviando textos largos
    .text = En este momento no hay sitio para otro texto largo. No se ha enviado nada.
    .remedy = Envíelo de nuevo dentro de un momento.

wrong-host = No hay nada bajo este nombre
    .text = Los portales están en { $public_url }.
    .remedy = Abra { $public_url } en su lugar.

cross-site = Este acceso venía de otro sitio
    .text = Una página de otro sitio intentó cambiar algo aquí; se ha impedido.
    .remedy = Si era su intención, abra el portal y hágalo allí.

stale-form = Esta página ya no está actualizada
    .text = El formulario pertenece a una sesión anterior.
    .remedy = Vuelva atrás, recargue la página e inténtelo de nuevo.

path-not-open = Esta dirección no está abierta aquí
    .text = Aquí solo se puede acceder a los portales, y esta dirección es otra parte de Jira.
    .remedy = Parta de la lista de portales. Si trabaja en Jira, use su propia dirección.

customer-unknown = Jira no le conoce como cliente
    .text = El inicio de sesión aquí ha funcionado, pero Jira pide otro: no tiene ningún cliente con su dirección, o no está configurado para aceptar la sesión iniciada aquí.
    .remedy = { -help-desk } Si tiene otra cuenta, inicie sesión con ella.

too-many-requests = Demasiados accesos a la vez
    .text = Hay en curso más accesos suyos, o de la dirección de su red, de los que se atienden aquí a la vez.
    .remedy = { -goes-on }

too-many-websockets = Demasiadas conexiones en directo a la vez
    .text = Hay abiertas más páginas con una conexión en directo de las que se atienden aquí a la vez.
    .remedy = Cierre algunas de las otras pestañas del portal e inténtelo de nuevo.

request-too-slow = El envío se ha detenido
    .text = Lo que envió su navegador llegó demasiado despacio o se detuvo por el camino.
    .remedy = Compruebe su conexión e inténtelo de nuevo.

too-many-logins = Demasiados inicios de sesión a la vez
    .text = Desde la dirección de su red o por su parte se han comenzado en un minuto más inicios de sesión de los que se aceptan aquí.
    .remedy = { -goes-on }

link-used = Este enlace ya no es válido
    .text = Solo se podía abrir una vez y durante poco tiempo.
    .remedy = Pida uno nuevo a la persona que se lo dio.

emergency-network = Este enlace no se puede abrir desde aquí
    .text = Los enlaces como este solo se abren desde determinadas redes, y la suya no es una de ellas.
    .remedy = Ábralo desde la red de su organización; el enlace no se ha gastado.

not-found = Esta página no existe
    .text = La dirección no lleva a ninguna parte.
    .remedy = { -from-the-list }

## The customer's account

identity-too-large = Su cuenta está en demasiados grupos
    .text = Lo que el inicio de sesión de su organización dice de usted ocupa { $bytes } bytes; el portal recibe { $limit } como máximo.
    .remedy = Consulte a su centro de asistencia: hay que cambiar lo que el inicio de sesión dice de usted.

customer-missing = El portal aún no le conoce
    .text = Ha iniciado sesión como { $who }, y el sistema de asistencia no tiene ningún cliente con esa dirección.
    .remedy = Pida a su centro de asistencia que añada a { $who } como cliente. Si tiene otra cuenta, inicie sesión con ella.

# $cause says why it cannot be told.
customer-unclear = No está claro qué cliente es usted
    .text = { $cause ->
        [no-email] Ha iniciado sesión como { $who }, pero el inicio de sesión de su organización no indica ninguna dirección de correo con la que encontrarle.
        [several] Varios clientes del sistema de asistencia tienen la dirección { $who }.
        [hidden] El sistema de asistencia no muestra qué cliente tiene la dirección { $who }.
        [taken] El cliente con la dirección { $who } pertenece a otro inicio de sesión, quizá de alguien que tuvo la dirección antes que usted.
        [inactive] El cliente con la dirección { $who } está desactivado en el sistema de asistencia.
       *[gone] El cliente al que pertenece su inicio de sesión { $who } ya no existe.
    }
    .remedy = { $cause ->
        [inactive] Pida a su centro de asistencia que vuelva a activar al cliente { $who }.
        [no-email] Consulte a su centro de asistencia: el administrador debe hacer que el inicio de sesión indique su dirección.
       *[other] Consulte a su centro de asistencia: el administrador debe elegir su cuenta de cliente para { $who }, con el comando «jsm-gate customers bind».
    }

customer-not-listed = «{ $portal }» solo está abierto a sus propios clientes
    .text = Ha iniciado sesión como { $who }, que no figura entre los clientes de este portal.
    .remedy = Pida a su centro de asistencia que añada a { $who } a los clientes de «{ $portal }». Si tiene otra cuenta, inicie sesión con ella.

customer-staff = Esta cuenta es para trabajar en Jira
    .text = Ha iniciado sesión como { $who }, y esa cuenta es del equipo en Jira. La entrada de los clientes no inicia sesión con esas cuentas.
    .remedy = Para su trabajo, use la dirección propia de Jira. Si tiene otra cuenta como cliente, inicie sesión con ella.

jira-denied = Jira no le deja entrar ahí
    .text = Ha iniciado sesión como { $who }, y Jira dice que esa cuenta no puede ver esa página.
    .remedy = { -help-desk } Si tiene otra cuenta, inicie sesión con ella.

jira-login-refused = Jira no ha aceptado su inicio de sesión
    .text = El inicio de sesión aquí ha funcionado, pero Jira no acepta lo que se le ha dicho de usted. Su registro dice por qué.
    .remedy = { -help-desk }

jira-login-lost = Jira ha olvidado su inicio de sesión
    .text = Jira aceptó su inicio de sesión y en el siguiente paso ya no le conocía.
    .remedy = Espere un minuto y vuelva a abrir el portal. Si eso no ayuda: { -help-desk }

customers-unavailable = No se puede averiguar quién es usted
    .text = El sistema de asistencia no responde en este momento. No se pierde nada suyo.
    .remedy = { -goes-on }

## The portal

portal-unknown = Este portal no existe
    .text = Ningún portal tiene este enlace.
    .remedy = Compruebe si hay algún error en el enlace, o parta de la lista de portales.

portal-gone = Este portal ya no existe
    .text = «{ $portal }» se ha cerrado o trasladado.
    .remedy = Parta de la lista de portales, o pida el nuevo enlace a su persona de contacto.

type-unavailable = Esta solicitud no se puede crear aquí
    .text = El formulario de «{ $name }» pide algo que este portal no puede mostrar.
    .remedy = Indique a su centro de asistencia el código que figura abajo, o elija otro tipo de solicitud.

portal-without-id = Este portal aún no está configurado
    .text = JSM no indica la dirección de «{ $portal }».
    .remedy = Su administrador puede definir `portal_id` para él en la configuración.

directory-empty = Los portales aún no se conocen
    .text = Hasta ahora no se ha podido leer la lista de portales en el sistema de asistencia.
    .remedy = { -goes-on }

# $cause is the kind of rule. Nothing is told of what the rule says.
refused = No tiene acceso a «{ $portal }»
    .text = { $cause ->
        [other-provider] «{ $portal }» está abierto a quienes inician sesión en otro lugar.
        [not-in-emergency] «{ $portal }» no es uno de los portales para los que vale su acceso de emergencia.
        [denied-group] «{ $portal }» está cerrado a un grupo al que pertenece su cuenta.
        [denied-email] «{ $portal }» está cerrado a su cuenta.
        [denied-email-domain] «{ $portal }» está cerrado al dominio de correo de su cuenta.
        [denied-provider] «{ $portal }» está cerrado a las cuentas del inicio de sesión que ha usado.
        [denied-claim] «{ $portal }» está cerrado por algo que su organización dice de su cuenta.
       *[not-listed] «{ $portal }» solo está abierto a determinados clientes, y su cuenta no es una de ellas.
    }
    .remedy = Si tiene otra cuenta, inicie sesión con ella. Si esta cuenta debería tener acceso, pídalo a su persona de contacto en el centro de asistencia.

# $cause is what the rule asks for. Nothing is told of what the rule says.
access-unknown = No se sabe si «{ $portal }» está abierto para usted
    .text = { $cause ->
        [unknown-groups] El acceso a «{ $portal }» depende de los grupos de su cuenta, y su inicio de sesión no los indicó.
        [unknown-email] El acceso a «{ $portal }» depende de su dirección de correo, y su inicio de sesión no la indicó.
       *[unknown-claim] El acceso a «{ $portal }» depende de algo que su organización dice de su cuenta, y su inicio de sesión no lo indicó.
    }
    .remedy = Vuelva a iniciar sesión. Si esta página sigue apareciendo, indique su código a su centro de asistencia: hay que cambiar lo que indica su inicio de sesión.

other-provider = «{ $portal }» necesita otro inicio de sesión
    .text = «{ $portal }» está abierto a quienes inician sesión con «{ $provider }».
    .remedy = Inicie sesión con «{ $provider }»; sustituirá a su sesión actual aquí.

step-up-needed = «{ $portal }» necesita otro inicio de sesión
    .text = «{ $portal }» exige un inicio de sesión más seguro o más reciente que el suyo.
    .remedy = Ábralo de nuevo; el inicio de sesión comenzará entonces.

step-up-failed = Este inicio de sesión no basta para «{ $portal }»
    .text = «{ $portal }» exige un inicio de sesión más seguro o más reciente que el que acaba de hacer.
    .remedy = Vuelva a iniciar sesión con lo que pide su organización, por ejemplo un segundo factor; si no ayuda, consulte a su centro de asistencia. Todo lo demás sigue abierto para usted.

login-needed = No ha iniciado sesión
    .text = Debe iniciar sesión antes de poder hacer esto; puede que su última sesión haya terminado.
    .remedy = Inicie sesión e inténtelo de nuevo.

## Applications that log people in here (SAML)

service-provider-unknown = Esta aplicación no existe
    .text = La dirección es la de una aplicación que aquí no se conoce.
    .remedy = { -from-the-list }

saml-request = No se puede responder a la solicitud de esta aplicación
    .text = Una aplicación le ha enviado aquí para iniciar sesión, y lo que ha enviado no es correcto.
    .remedy = Vuelva a la aplicación y empiece de nuevo. Si sigue fallando, indique a su centro de asistencia el código y el número de solicitud que aparecen abajo.

saml-request-old = Ha pasado demasiado tiempo
    .text = «{ $name }» le ha enviado aquí para iniciar sesión, y eso fue hace demasiado tiempo.
    .remedy = Abra de nuevo «{ $name }».

# $cause is what cannot be told.
not-vouched = No es posible iniciar su sesión en «{ $name }»
    .text = { $cause ->
        [no-address] «{ $name }» necesita su dirección de correo, y su inicio de sesión no la indicó.
        [unverified] «{ $name }» necesita su dirección de correo, y su inicio de sesión no la ha confirmado.
        [characters] Algo que su inicio de sesión dice de usted contiene caracteres que no se pueden comunicar a «{ $name }».
       *[missing] «{ $name }» necesita un dato sobre usted que su inicio de sesión no indicó.
    }
    .remedy = Si tiene otra cuenta, inicie sesión con ella. Si no, indique a su centro de asistencia el código que aparece abajo: hay que cambiar lo que indica su inicio de sesión.

too-many-answers = Demasiadas personas están iniciando sesión
    .text = En este momento hay más inicios de sesión en aplicaciones de los que caben.
    .remedy = { -goes-on }

## Behind the gate

sessions-unavailable = En este momento no se pueden comprobar las sesiones
    .text = No se puede averiguar quién ha iniciado sesión.
    .remedy = { -goes-on }

emergency-unaudited = El acceso de emergencia no es posible en este momento
    .text = Hay que registrar quién lo usa, y eso no ha funcionado.
    .remedy = Avise a la persona que le dio el enlace; podrá crear uno nuevo cuando vuelva a funcionar.

upstream-unreachable = El portal no responde
    .text = No se puede acceder al sistema de asistencia en este momento. Su sesión sigue abierta.
    .remedy = { -goes-on }

upstream-busy = El portal está ocupado
    .text = El sistema de asistencia tiene en este momento más trabajo del que puede hacer. Su sesión sigue abierta, y su petición no se ha transmitido.
    .remedy = { -goes-on }

upstream-slow = El portal tarda demasiado
    .text = El sistema de asistencia no ha respondido a tiempo. Su sesión sigue abierta.
    .remedy = { -goes-on }

internal = Algo ha fallado aquí
    .text = La operación no se ha podido completar.
    .remedy = Inténtelo de nuevo; si vuelve a ocurrir, indique a su centro de asistencia el código y el número de operación que figuran abajo.

## A login that failed

provider-unreachable = El inicio de sesión de su organización no responde
    .text = No se puede acceder a «{ $provider }» en este momento, así que nadie puede iniciar sesión.
    .remedy = Esta página continúa por sí sola en cuanto vuelva a responder.

login-loop = El inicio de sesión da vueltas
    .text = { $cause ->
        [session-cookie-missing] Ha iniciado sesión varias veces en un minuto, pero su navegador no guarda la cookie que lo indica.
       *[session-unknown] Ha iniciado sesión varias veces en un minuto, pero después no se reconoce la sesión.
    }
    .remedy = Permita las cookies para este sitio, compruebe el reloj de su dispositivo y vuelva a iniciar sesión.

login-expired = Este inicio de sesión ya no está abierto
    .text = { $cause ->
        [code-refused] El inicio de sesión ya se había usado, o ha tardado demasiado.
        [too-old] El inicio de sesión ha tardado demasiado.
        [spent] Ya se había completado, quizá con un segundo clic.
       *[not-pending] Ya se había completado, se comenzó en otro navegador, o su navegador no guarda cookies.
    }
    .remedy = Vuelva a iniciar sesión. Si regresa a esta página, permita las cookies para este sitio.

login-cancelled = Ha cancelado el inicio de sesión
    .text = No ha completado el inicio de sesión de su organización. La respuesta fue: { $answer }.
    .remedy = Vuelva a iniciar sesión cuando quiera.

login-timed-out = El inicio de sesión ha tardado demasiado
    .text = La página de inicio de sesión de su organización estuvo abierta demasiado tiempo, o el inicio de sesión continuó en otra pestaña.
    .remedy = Vuelva a iniciar sesión.

provider-busy = El inicio de sesión de su organización no puede responder en este momento
    .text = La respuesta fue: { $answer }.
    .remedy = Espere un minuto y vuelva a iniciar sesión.

# Providers have one answer for those who cancel and those who may not log in.
provider-refused = El inicio de sesión de su organización no le ha dejado entrar
    .text = La respuesta fue: { $answer }. O bien se canceló allí el inicio de sesión, o bien esta cuenta no puede iniciar sesión aquí.
    .remedy = Inicie sesión con otra cuenta, o indique a su centro de asistencia el código que figura abajo.

email-unverified = Su dirección de correo no está confirmada
    .text = El inicio de sesión de su organización no ha confirmado que { $email } sea suya.
    .remedy = Confirme la dirección allí y vuelva a iniciar sesión, o inicie sesión con otra cuenta.

email-invalid = Su dirección de correo no se puede usar
    .text = { $email } no es una dirección cuyo titular pueda determinarse con certeza.
    .remedy = { -help-desk }

email-domain-elsewhere = Esta dirección inicia sesión en otro lugar
    .text = Ha iniciado sesión como { $email }, pero esas direcciones inician sesión con «{ $provider }».
    .remedy = Inicie sesión allí o con otra cuenta.

callback-invalid = Esto no es la respuesta a un inicio de sesión
    .text = { $cause ->
        [refused] El inicio de sesión fue rechazado, pero la respuesta no dice de qué inicio de sesión viene. Por eso, lo que dice figura solo en el registro.
       *[no-answer] La dirección no pertenece a ningún inicio de sesión comenzado aquí.
    }
    .remedy = { -log-in-again }

issuer-mismatch = Esto no es la respuesta a un inicio de sesión
    .text = { $cause ->
        [refused] El inicio de sesión fue rechazado, pero la respuesta no dice de qué inicio de sesión viene. Por eso, lo que dice figura solo en el registro.
       *[no-answer] La dirección no pertenece a ningún inicio de sesión comenzado aquí.
    }
    .remedy = { -log-in-again }

token-response = No se ha podido comprobar el inicio de sesión
    .text = El inicio de sesión de su organización dio una respuesta que no demuestra quién es usted.
    .remedy = { -log-in-again }

token-invalid = No se ha podido comprobar el inicio de sesión
    .text = El inicio de sesión de su organización dio una respuesta que no demuestra quién es usted.
    .remedy = { -log-in-again }

user-info-invalid = No se ha podido comprobar el inicio de sesión
    .text = El inicio de sesión de su organización dio una respuesta que no demuestra quién es usted.
    .remedy = { -log-in-again }

provider-unknown = Este inicio de sesión no existe
    .text = La dirección es de un inicio de sesión que no está configurado aquí.
    .remedy = { -help-desk }

client-rejected = El inicio de sesión no está bien configurado
    .text = El portal y el inicio de sesión de su organización no se entienden.
    .remedy = { -help-desk }

request-refused = El inicio de sesión no está bien configurado
    .text = El portal y el inicio de sesión de su organización no se entienden.
    .remedy = { -help-desk }

login-cookie = El inicio de sesión no está bien configurado
    .text = El portal y el inicio de sesión de su organización no se entienden.
    .remedy = { -help-desk }

## Times, already in the customer's time zone

time-of-day = { $time }
time-today = hoy, { $time }
time-yesterday = ayer, { $time }
time-this-year = { $day } { $short_month }, { $time }
time-other-year = { $day } { $short_month } { $year }, { $time }
day-in-full = { $day } de { $month } de { $year }
time-in-full = { $day } de { $month } de { $year }, { $time }

month-1 = enero
    .short = ene
month-2 = febrero
    .short = feb
month-3 = marzo
    .short = mar
month-4 = abril
    .short = abr
month-5 = mayo
    .short = may
month-6 = junio
    .short = jun
month-7 = julio
    .short = jul
month-8 = agosto
    .short = ago
month-9 = septiembre
    .short = sept
month-10 = octubre
    .short = oct
month-11 = noviembre
    .short = nov
month-12 = diciembre
    .short = dic

# $unit is bytes, kilo or mega.
size = { $unit ->
    [bytes] { $number } bytes
    [kilo] { $number } KB
   *[mega] { $number } MB
}

## The frame of every page

frame-skip = Saltar al contenido principal
frame-navigation = Navegación principal
frame-requests = Mis solicitudes
frame-account = Cuenta
frame-who = Sesión iniciada como { $who }
frame-help = ¿Necesita ayuda? { $contact }
frame-language = Idioma: { $language }
# $zone is a city.
frame-preferences = { $language }, hora de { $zone }
frame-log-out = Cerrar sesión
frame-emergency = Acceso de emergencia
frame-emergency-text = como { $who } hasta las { $until }. Todo lo que abra queda registrado.
frame-emergency-end = Terminar el acceso de emergencia

## Words of several pages

one-moment = Un momento
continue = Continuar
post-text = Si no ocurre nada, pulse el botón para continuar en { $host }.
you-are = Ha iniciado sesión como { $who }.
login-again = Volver a iniciar sesión
log-in-as-other = Iniciar sesión con otra cuenta
log-in-at = Iniciar sesión con { $provider }
log-out-there-first = Si { $provider } vuelve a iniciar su sesión con la misma cuenta, cierre primero la sesión allí.
log-out-elsewhere-first = Si su organización vuelve a iniciar su sesión con la misma cuenta, cierre primero la sesión allí, o abra esta página en una ventana privada.
try-again = Intentar de nuevo
choose-another-login = Elegir otro inicio de sesión

## What a problem's page says for the help desk

problem-code = Código
problem-reason = Motivo
problem-request = Número de operación

## The login's pages

choose-title = Iniciar sesión
choose-title-error = Error: Iniciar sesión
choose-email = Su dirección de correo del trabajo
choose-email-hint = Indica el inicio de sesión de su organización. Aquí no se introduce ninguna contraseña.
choose-no-address = No es una dirección de correo completa.
choose-no-provider = No se conoce ningún inicio de sesión para esta dirección. Busque algún error al escribirla, o elija su organización.
choose-organisation = Elija su organización
choose-or-organisation = O elija su organización

emergency-lets-in = Este enlace da acceso a { $account } durante { $minutes } minutos, a:
emergency-once = Funciona una sola vez. Si no es usted, cierre esta página. Queda registrado quién lo usa.
emergency-start = Comenzar el acceso de emergencia

logout-question = ¿Cerrar sesión?
logout-stay = Mantener la sesión
logged-out-title = Sesión cerrada
logged-out-heading = Ha cerrado sesión
logged-out-there = Ha cerrado sesión aquí y en { $at }. Si este dispositivo no es suyo, cierre también el navegador.
logged-out-here = Ha cerrado sesión aquí. Puede que la sesión de su organización siga abierta en este navegador. Si este dispositivo no es suyo, cierre también el navegador.

same-account-title = Otra vez la misma cuenta
same-account-heading = Ha iniciado sesión otra vez con la misma cuenta
same-account-text = { $provider } no ha pedido otra cuenta. Su sesión sigue abierta como { $who }.
same-account-log-out = Para usar otra cuenta, cierre primero la sesión en { $provider } y vuelva a iniciar sesión.
same-account-private-window = Para usar otra cuenta, cierre primero la sesión en { $provider }, o abra esta página en una ventana privada.
same-account-go-on = Continuar con esta cuenta
log-out-at = Cerrar sesión en { $provider }

tested-title = Inicio de sesión de prueba
tested-heading = El inicio de sesión de prueba ha funcionado
tested-text = El inicio de sesión dice que usted es { $account }. Lo demás que dice, y qué portales abre, se muestra donde se comenzó la prueba.
tested-close = Era una prueba: no ha iniciado sesión aquí. Cierre esta página.

## The customer's portals

home-title = Sus portales
home-search = Buscar un portal
home-no-such = Ningún portal se llama así. { $all }
home-show-all = Mostrar todos
home-none = No hay ningún portal abierto para { $who }.
home-none-remedy = Si tiene otra cuenta, inicie sesión con ella. Si esta cuenta debería tener acceso, pídalo a su persona de contacto en el centro de asistencia.

## The page on which a customer chooses language and time zone

preferences-title = Idioma y zona horaria
preferences-saved = Sus preferencias se han guardado.
preferences-language = Idioma
preferences-language-hint = Páginas y mensajes. Los textos que han escrito personas se quedan como están.
preferences-zone = Zona horaria
# $time is the time of day there, $zone a city.
preferences-zone-hint = Todas las horas se muestran en ella. La hora actual es { $time } (hora de { $zone }).
preferences-zone-default = Como el centro de asistencia ({ $zone })
preferences-save = Guardar preferencias
preferences-me = Ha iniciado sesión como
preferences-me-text = Estos datos vienen del inicio de sesión de su organización. Pida allí que los cambien.
preferences-name = Nombre
preferences-email = Correo electrónico

zone-africa = África
zone-america = América
zone-antarctica = Antártida
zone-asia = Asia
zone-atlantic = Océano Atlántico
zone-australia = Australia
zone-europe = Europa
zone-indian = Océano Índico
zone-pacific = Océano Pacífico

## The home page of a portal, and its search

portal-announcement = Aviso
portal-announcement-away = He leído este aviso
portal-search-label = ¿Con qué necesita ayuda?
portal-search-hint = Encuentra tipos de solicitud y sus propias solicitudes
portal-search-hint-articles = Encuentra tipos de solicitud, sus propias solicitudes y artículos de ayuda
portal-search-button = Buscar
portal-open-requests = Sus solicitudes abiertas
portal-all-requests = Ver todas mis solicitudes
portal-request-line = { $key } · actualizada { $time }
portal-old = El sistema de asistencia no responde en este momento. Ve lo último que se conoce, que puede haber cambiado.
portal-requests-away = Sus solicitudes no se pueden mostrar ahora porque el sistema de asistencia no responde. No se pierde ninguna.
portal-no-types = En este momento no se puede crear aquí ninguna solicitud.

search-title = Búsqueda: { $words }
search-heading = Búsqueda
search-found = { $count ->
    [one] 1 resultado para «{ $words }»
   *[other] { $count } resultados para «{ $words }»
}
search-count-types = { $count ->
    [one] 1 tipo de solicitud
   *[other] { $count } tipos de solicitud
}
search-count-requests = { $count ->
    [one] 1 de sus solicitudes
   *[other] { $count } de sus solicitudes
}
search-count-articles = { $count ->
    [one] 1 artículo de ayuda
   *[other] { $count } artículos de ayuda
}
# What a script says aloud while somebody types.
search-suggestions = { $count ->
    [0] Ninguna sugerencia
    [one] 1 sugerencia
   *[other] { $count } sugerencias
}
search-nothing = No se ha encontrado nada para «{ $words }»
search-types = Tipos de solicitud
search-requests = Sus solicitudes
search-other = ¿No es lo que buscaba?
search-other-text = Pruebe con otras palabras, o con menos. El número de una solicitud lleva directamente a ella.

## The knowledge base

kb-articles = Artículos de ayuda
kb-more = ¿Esto no responde a su pregunta?

## The list of requests

requests-heading = Mis solicitudes
requests-whose = De quién son las solicitudes
requests-mine = Mías
requests-shared = Compartidas conmigo
requests-approvals = Pendientes de mi aprobación
requests-search = Buscar en estas solicitudes
requests-status = Estado
requests-state-open = Abiertas
requests-state-closed = Cerradas
requests-state-all = Abiertas y cerradas
requests-more-filters = Más filtros
requests-any = Todos
requests-type = Tipo de solicitud
requests-portal = Portal
requests-from = Creadas desde
requests-to = Creadas hasta
requests-sort = Ordenar por
requests-sort-updated = Última actualización
requests-sort-newest = Más recientes
requests-sort-oldest = Más antiguas
requests-columns = Qué se muestra
requests-column-type = Tipo de solicitud
requests-column-portal = Portal
requests-column-by = Creada por
requests-column-made = Cuándo se creó
requests-column-updated = Última actualización
requests-column-priority = Prioridad
requests-column-assignee = Quién la atiende
requests-column-sla = Plazos acordados
requests-show = Mostrar solicitudes
requests-csv = Descargar como CSV
requests-count = { $count ->
    [one] 1 solicitud
   *[other] { $count } solicitudes
}
requests-count-about = { $shown } de unas { $count } solicitudes
requests-pages = Páginas
requests-next = Página siguiente
requests-previous = Página anterior
requests-first = Primera página
requests-title-nothing = Mis solicitudes: no se ha encontrado nada
# $state is open, closed or all.
requests-none-words = { $state ->
    [open] Ninguna solicitud abierta con «{ $words }»
    [closed] Ninguna solicitud cerrada con «{ $words }»
   *[all] Ninguna solicitud con «{ $words }»
}
requests-none-fits = { $state ->
    [open] Ninguna solicitud abierta corresponde a estos filtros
    [closed] Ninguna solicitud cerrada corresponde a estos filtros
   *[all] Ninguna solicitud corresponde a estos filtros
}
requests-none-yet = Aún no ha creado ninguna solicitud
requests-none-here = Ninguna solicitud en esta página
requests-none-mine = { $state ->
    [open] No tiene ninguna solicitud abierta
    [closed] No tiene ninguna solicitud cerrada
   *[all] No tiene ninguna solicitud
}
requests-none-shared = { $state ->
    [open] Ninguna solicitud abierta está compartida con usted
    [closed] Ninguna solicitud cerrada está compartida con usted
   *[all] Ninguna solicitud está compartida con usted
}
requests-none-approvals = Ninguna solicitud espera su aprobación
requests-none-organization = { $state ->
    [open] Ninguna solicitud abierta está compartida con esta organización
    [closed] Ninguna solicitud cerrada está compartida con esta organización
   *[all] Ninguna solicitud está compartida con esta organización
}
requests-closed = { $count ->
    [one] 1 solicitud cerrada corresponde
   *[other] { $count } solicitudes cerradas corresponden
}
requests-closed-about = Unas { $count } solicitudes cerradas corresponden
requests-show-closed = Mostrar también las solicitudes cerradas
requests-clear = Borrar la búsqueda y los filtros
requests-make = Crear una solicitud
requests-left-out = El sistema de asistencia no responde para estos portales en este momento, así que faltan aquí sus solicitudes:
requests-updated = Actualizada: { $time }
requests-made = Creada: { $time }
requests-by = creada por { $who }

## A request

request-line = { $mine ->
    [true] { $type } · creada por usted el { $time }
   *[false] { $type } · creada por { $who } el { $time }
}
request-details = Detalles
request-activity = Actividad
request-status-changed = El estado ha cambiado a { $status } · { $time }
request-made = { $mine ->
    [true] Usted creó esta solicitud · { $time }
   *[false] { $who } creó esta solicitud · { $time }
}
request-earlier = { $count ->
    [one] Mostrar 1 entrada anterior
   *[other] Mostrar { $count } entradas anteriores
}
request-about = Acerca de esta solicitud
request-history = Estado
request-approvals = Aprobación
request-decision-approved = Aprobada
request-decision-declined = Rechazada
request-decision-pending = Pendiente
native-approve = Se le pide su aprobación
    .link = Decidir en Jira Service Management
    .mail = Jira Service Management le ha enviado un correo al respecto. Con sus enlaces puede decidir.
native-rate = ¿Qué le ha parecido?
    .link = Valorar en Jira Service Management
request-people = Personas
request-you = Usted
request-organizations = Compartida con
request-files = Archivos
request-external = Externo
request-do = Lo que puede hacer
request-moved = El estado de esta solicitud ha cambiado.
request-not-changed = No se ha cambiado nada: el sistema de asistencia no lo ha aceptado, o no responde en este momento. Espere un minuto e inténtelo de nuevo.
request-not-offered = Ya no es posible: el estado ha cambiado entretanto.
request-not-known = Aún no sabemos si se ha hecho. Mire de nuevo esta página dentro de un momento.

## The page that asks before the status of a request is changed

# $transition is what Jira calls the step, such as “Resolve this request”.
transition-question = ¿{ $transition }?
transition-comment = ¿Quiere añadir algo?
transition-back = Volver

## The reply to a request

reply-label = Su respuesta
reply-hint = Todas las personas que participan en esta solicitud pueden leerla. Funcionan las listas con -, **negrita**, `código` y los enlaces.
reply-files = Añadir archivos
reply-preview = Vista previa
reply-preview-heading = Vista previa de su respuesta
reply-send = Enviar respuesta
# $transition is what Jira calls a step, such as “Resolve this request”.
reply-send-and = Enviar y después: { $transition }
reply-sent = Su respuesta se ha enviado.
reply-sent-only = Su respuesta se ha enviado, pero no se ha podido cambiar el estado.
reply-sent-at-least = Su respuesta se ha enviado. No sabemos si también se ha cambiado el estado: compruébelo aquí antes de cambiarlo de nuevo.
reply-empty = Escriba una respuesta
reply-too-long = Su respuesta debe tener { $limit } caracteres o menos. Tiene { $count }
reply-refused = El sistema de asistencia no ha aceptado su respuesta. Todo lo que ha escrito sigue aquí. Si vuelve a ocurrir, avise a su centro de asistencia.
reply-not-offered = Su respuesta no se ha enviado porque el estado ha cambiado entretanto. Todo lo que ha escrito sigue aquí.
reply-not-sent = Su respuesta no se ha enviado: el sistema de asistencia no responde en este momento. Todo lo que ha escrito sigue aquí. Espere un minuto y envíela.
reply-unknown = Aún no sabemos si su respuesta ha llegado. Todo lo que ha escrito sigue aquí. Mire de nuevo dentro de un momento; no se envía nada dos veces.
reply-undecided = Su respuesta no se ha encontrado en esta solicitud. Puede que no haya llegado. Mire la actividad de arriba; si no está allí, envíela de nuevo.

## The people of a request, and the organisations that it is shared with

people-leave = Dejar de seguir
people-remove = Quitar a { $person }
people-add-person = Añadir a una persona
people-email = Dirección de correo
people-hint = Esa persona puede leer esta solicitud y responder a ella
people-add = Añadir persona
people-empty = Escriba una dirección de correo, por ejemplo name@example.com
people-too-many = Ha nombrado a muchas personas en una hora. Inténtelo más tarde
# Whether the address is known must not be told.
people-added = Quien tenga esa dirección y acceso a este centro de asistencia participa ahora en esta solicitud.
people-removed = Esa persona ya no participa en esta solicitud.
sharing-nobody = Solo pueden verla las personas nombradas aquí.
sharing-share = Compartir con { $organization }
sharing-stop = Dejar de compartir con { $organization }
sharing-shared = Esta solicitud está compartida. Todos en esa organización pueden verla.
sharing-unshared = Esta solicitud ya no está compartida con esa organización.

request-slas = Plazos acordados
shown-priority = Prioridad
    .line = Prioridad: { $value }
shown-assignee = Atendida por
    .line = Atendida por { $value }
sla-due = hasta { $time }
sla-paused = en pausa
sla-missed = incumplido
sla-met = cumplido
# $name is what Jira calls the agreed time, $state one of the four above.
sla-line = { $name }: { $state }

## The columns of a list as CSV

csv-key = Solicitud
csv-summary = Resumen
csv-type = Tipo de solicitud
csv-status = Estado
csv-by = Creada por
csv-made = Creada
csv-updated = Actualizada
csv-portal = Portal

## The form that makes a request

form-problem = Hay un problema
form-error = Error:
form-optional = (opcional)
form-optional-label = { $name } { $optional }
form-none = Ninguno
form-choose = Elegir
form-narrow = Buscar en esta lista
form-narrow-none = Nada de esta lista coincide
# A script puts the number there.
form-characters-left = Caracteres disponibles: { $count }
form-characters-over = Caracteres de más: { $count }
form-cascade = { $parent }, { $child }

# $part is day, month, year or time.
form-date-part = { $part ->
    [day] Día
    [month] Mes
    [year] Año
   *[time] Hora
}

form-hint-choices = Elija todo lo que corresponda
form-hint-date = Por ejemplo, 30 11 2026
# $zone is a city.
form-hint-date-time = Hora de { $zone }, por ejemplo 2 12 2026 a las 14:30
# $size is in megabytes, $count how many files there may be.
form-hint-files = { $count ->
    [one] Hasta { $size } MB
   *[other] Hasta { $size } MB cada uno, y hasta { $count } archivos
}
form-hint-labels = Palabras sueltas separadas por espacios
form-hint-participants = Direcciones de correo, una por línea. Se añade a quienes tienen acceso; pueden leer esta solicitud y responder a ella.
form-hint-people = Direcciones de correo, una por línea
form-hint-person = Una dirección de correo

form-sharing = ¿Quién puede ver esta solicitud?
form-share-private = Solo las personas nombradas aquí
form-share-private-hint = Usted y las personas que nombre en este formulario
form-share-organization = Todos en { $organization }
form-share-organization-hint = Todos los compañeros que usan este centro de asistencia

form-upload = Subir ahora
form-files-kept = Archivos añadidos
# A script puts the number there.
form-uploading = Subiendo: { $percent } %
form-uploaded = Subido
form-upload-failed = Los archivos no se han subido. Envíe el formulario para intentarlo de nuevo
form-draft = Ya había comenzado este formulario en este navegador y no lo envió.
form-draft-take = Continuar con él
form-draft-drop = Descartarlo
form-file-size = { $size } MB
form-file-remove = Quitar { $file }
form-files-uploaded = Sus archivos se han subido. Se envían con el formulario.
form-file-removed = El archivo se ha quitado.

## Mistakes in that form. $field is the name that the help desk gave the field.

form-empty = Escriba una respuesta para «{ $field }»
form-not-chosen = Elija una respuesta para «{ $field }»
form-too-long = «{ $field }» debe tener { $limit } caracteres o menos. Tiene { $count }
form-label-too-long = «{ $text }» es demasiado largo. Una palabra de «{ $field }» puede tener { $limit } caracteres
form-not-a-number = «{ $field }» debe ser un número, por ejemplo 1500 o 1499,90
form-number-too-large = «{ $field }» debe ser un número entre -100 billones y 100 billones
form-url-wrong = «{ $field }» debe ser una dirección web, por ejemplo https://www.example.com/offer
# $part is day, month, year or time.
form-date-incomplete = { $part ->
    [day] «{ $field }» debe incluir un día
    [month] «{ $field }» debe incluir un mes
    [year] «{ $field }» debe incluir un año
   *[time] «{ $field }» debe incluir una hora, por ejemplo 14:30
}
form-date-impossible = «{ $field }» debe ser una fecha que exista, por ejemplo 30 11 2026
form-day-impossible = «{ $field }» debe ser una fecha que exista. { $days ->
    [28] En { $month } de { $year } hay 28 días
    [29] En { $month } de { $year } hay 29 días
   *[other] En { $month } hay { $days } días
}
form-year-short = «{ $field }» debe tener un año de cuatro cifras, por ejemplo 2026
form-time-impossible = «{ $field }» debe tener una hora que exista, por ejemplo 14:30
form-email-missing = Escriba una dirección de correo para «{ $field }», por ejemplo name@example.com
form-email-wrong = «{ $text }» no es una dirección de correo. Escríbala como name@example.com
form-email-line-wrong = La línea { $line } no es una dirección de correo: «{ $text }». Escríbala como name@example.com
# Whether the address is known must not be told.
form-person-unusable = «{ $email }» no se puede usar para «{ $field }». Escriba la dirección de alguien que use este centro de asistencia
form-too-many-people = Ha nombrado a muchas personas en una hora. Quite las nuevas de «{ $field }», o envíe el formulario más tarde
form-refused-elsewhere = El centro de asistencia pide algo que este formulario no tiene. Indíquele qué formulario ha usado
form-file-missing = Añada un archivo para «{ $field }»
form-file-empty = «{ $file }» está vacío
form-file-failed = «{ $file }» no se ha subido. Elíjalo de nuevo
form-file-crowded = «{ $file }» no se ha subido: hay demasiados archivos en camino en este momento. Espere un minuto y elíjalo de nuevo
form-file-refused = El centro de asistencia no acepta «{ $file }». Elija un archivo más pequeño o de otro tipo
form-files-forgotten = { $count ->
    [one] «{ $file }» se subió hace demasiado tiempo. Elíjalo de nuevo
   *[other] Sus { $count } archivos se subieron hace demasiado tiempo. Elíjalos de nuevo
}
form-file-too-large = «{ $file }» es demasiado grande: { $size } MB. Un archivo puede tener hasta { $limit } MB
form-too-many-files = { $limit ->
    [one] Puede añadir un archivo. Hay { $count }
   *[other] Puede añadir hasta { $limit } archivos. Hay { $count }
}

## The form that makes a request

create-title-error = Error: { $name }
create-send = Enviar solicitud
create-cancel = Cancelar
create-articles = Quizá esto ya le ayude
create-next = Qué pasa después
create-next-number = Su solicitud recibe un número, y usted ve su página.
# $requests is a link, “My requests”.
create-next-answer = Respondemos allí. La encuentra en cualquier momento en { $requests }.
create-old = El sistema de asistencia no responde en este momento. Puede rellenar este formulario ahora y enviarlo cuando vuelva a responder.
create-look-again = Mirar de nuevo
create-not-sent = Su solicitud no se ha enviado: el sistema de asistencia no responde en este momento. Todo lo que ha escrito sigue aquí. Espere un minuto y envíela.
create-unknown = Aún no sabemos si su solicitud ha llegado. Todo lo que ha escrito sigue aquí. Mire de nuevo dentro de un momento; no se envía nada dos veces.
form-stale = Este formulario es de un día anterior o de otro lugar, así que no se ha aceptado. Compruebe lo que ha escrito y envíelo de nuevo.
create-undecided = Su solicitud no se ha encontrado. Puede que no haya llegado. Mire entre sus solicitudes; si no está allí, envíela de nuevo.
request-created = Su solicitud se ha enviado.
request-created-not-shared = Su solicitud se ha enviado. No se ha podido compartir con su organización.
request-created-perhaps-shared = Su solicitud se ha enviado. Aún no sabemos si está compartida con su organización: mire de nuevo esta página dentro de un momento.

## A form that was not taken, and what was typed into it

kept-text = Lo que ha escrito se guarda durante una hora. Solo usted lo encontrará de nuevo en el formulario. Vuelva a añadir los archivos, si los había.
kept-text-of-another = Lo que se ha escrito se guarda durante una hora para la persona que rellenó el formulario, y no se muestra a nadie más.
kept-no-text = Lo que ha escrito no se ha podido guardar. Vuelva atrás en su navegador, donde quizá siga en el formulario, y cópielo primero.
kept-log-in = Iniciar sesión y continuar
kept-back = Volver al formulario
kept-shown = Había escrito esto antes y no se envió. Compruébelo y envíelo. Vuelva a añadir los archivos, si los había.
