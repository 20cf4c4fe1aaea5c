<?php

$config = [
    'gate' => [
        'saml:SP',
        'entityID' => getenv('SP_ENTITY_ID'),
        'idp' => getenv('GATE_ENTITY_ID'),
        'privatekey' => getenv('SP_KEY'),
        'certificate' => getenv('SP_CERTIFICATE'),
        'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
        'sign.authnrequest' => getenv('SP_REQUESTS') !== 'plain',
        'sign.logout' => true,
        'validate.logout' => true,
        'WantAssertionsSigned' => true,
        'NameIDPolicy' => null,
    ],
];
