<?php

// A service provider with SimpleSAMLphp, which takes the gate's metadata: who is logged in at /, and
// /logout. Everything below /simplesaml/ is its own.

$simplesamlphp = __DIR__ . '/../../simplesamlphp';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$module = '/simplesaml/module.php';
if (str_starts_with($path, $module)) {
    $_SERVER['SCRIPT_NAME'] = $module;
    $_SERVER['PATH_INFO'] = substr($path, strlen($module));
    require "$simplesamlphp/www/module.php";
    return;
}

require "$simplesamlphp/lib/_autoload.php";
$login = new SimpleSAML\Auth\Simple('gate');

if ($path === '/') {
    $login->requireAuth();
    $name_id = $login->getAuthData('saml:sp:NameID');
    header('Content-Type: application/json');
    echo json_encode([
        'name_id' => $name_id->getValue(),
        'format' => $name_id->getFormat(),
        'attributes' => (object) $login->getAttributes(),
        'state' => $_GET['state'] ?? '',
    ]);
} elseif ($path === '/logout') {
    $login->logout('/logged-out');
} elseif ($path === '/logged-out') {
    echo $login->isAuthenticated() ? 'somebody' : 'nobody';
} else {
    http_response_code(404);
}
