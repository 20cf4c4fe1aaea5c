<?php

$folder = getenv('SP_FOLDER');
$port = getenv('SP_PORT');

$config = [
    'baseurlpath' => "http://127.0.0.1:$port/simplesaml/",
    'secretsalt' => 'a salt of the end-to-end tests',
    'technicalcontact_name' => 'Nobody',
    'technicalcontact_email' => 'nobody@example.com',
    'timezone' => 'UTC',
    'certdir' => $folder,
    'datadir' => $folder,
    'tempdir' => $folder,
    'metadata.sources' => [['type' => 'xml', 'file' => getenv('GATE_METADATA')]],
    'logging.handler' => 'errorlog',
    'showerrors' => true,
    'errorreporting' => false,
    // Only in a store of its own does it remember which assertions were used.
    'store.type' => 'sql',
    'store.sql.dsn' => "sqlite:$folder/store.sqlite",
    'session.cookie.name' => "sp-$port",
    'session.cookie.secure' => false,
    'session.cookie.samesite' => null,
    'session.authtoken.cookiename' => "sp-token-$port",
];
