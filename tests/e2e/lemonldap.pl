# LemonLDAP::NG as an OpenID provider with one client, the gate, and with the people of its
# demonstration mode, whose passwords are their names. All it reads and writes is in --folder.

use strict;
use warnings;

use Crypt::OpenSSL::RSA;
use Getopt::Long;
use HTTP::Server::PSGI;
use JSON;

my %option;
my @names = qw(folder port redirect-uri post-logout-redirect-uri client-secret);
GetOptions( \%option, map { "$_=s" } @names ) or die "unknown option\n";
my ( $folder, $port ) = @option{qw(folder port)};
my $issuer = "http://127.0.0.1:$port";

my $key    = Crypt::OpenSSL::RSA->generate_key(2048);
my %client = (
    ClientID               => 'jsm-gate',
    ClientSecret           => $option{'client-secret'},
    RedirectUris           => $option{'redirect-uri'},
    PostLogoutRedirectUris => $option{'post-logout-redirect-uri'},
    IDTokenSignAlg         => 'RS256',
    RequirePKCE            => 1,
    BypassConsent          => 1,
);
my %claims = (
    email          => 'mail',
    email_verified => 'verified;bool',
    name           => 'cn',
    groups         => 'groups',
);
my %configuration = (
    cfgNum           => 1,
    cfgDate          => time,
    portal           => "$issuer/",
    domain           => '127.0.0.1',
    securedCookie    => 0,
    authentication   => 'Demo',
    userDB           => 'Same',
    passwordDB       => 'Null',
    demoExportedVars => { cn => 'cn', mail => 'mail', uid => 'uid' },
    macros           => { _whatToTrace => '$_user', verified => '1' },
    groups           => { customers => '$uid eq "dwho"' },
    locationRules    => { '127.0.0.1' => { default => 'accept' } },

    # Captchas are off, but their module would be loaded, and with it Image::Magick.
    captcha => '::Main::Plugin',

    globalStorage              => 'Apache::Session::File',
    globalStorageOptions       => stored_in('sessions'),
    persistentStorage          => 'Apache::Session::File',
    persistentStorageOptions   => stored_in('persistent'),
    localSessionStorage        => 'Cache::FileCache',
    localSessionStorageOptions => { cache_root => "$folder/cache" },

    issuerDBOpenIDConnectActivation  => 1,
    oidcServiceMetaDataIssuer        => $issuer,
    oidcServicePrivateKeySig         => $key->get_private_key_string,
    oidcServicePublicKeySig          => $key->get_public_key_x509_string,
    oidcServiceKeyIdSig              => 'of-this-test',
    oidcRPMetaDataExportedVars       => { gate => \%claims },
    oidcRPMetaDataOptionsExtraClaims => { gate => { groups => 'groups' } },
    oidcRPMetaDataOptions            => {
        gate => { map { ( "oidcRPMetaDataOptions$_" => $client{$_} ) } keys %client }
    },
);

write_to( 'lmConf-1.json', to_json( \%configuration ) );
write_to( 'lemonldap-ng.ini', <<"INI");
[all]
logger = Lemonldap::NG::Common::Logger::Std
logLevel = info
[configuration]
type = File
dirName = $folder
[portal]
staticPrefix = /static
templateDir = /usr/share/lemonldap-ng/portal/templates
languages = en
INI

end_with_the_test();
$ENV{LLNG_DEFAULTCONFFILE} = "$folder/lemonldap-ng.ini";
require Lemonldap::NG::Portal::Main;
my $portal = Lemonldap::NG::Portal::Main->run( {} );
HTTP::Server::PSGI->new(
    host         => '127.0.0.1',
    port         => $port,
    server_ready => sub { STDOUT->printflush( to_json( { issuer => $issuer } ), "\n" ) },
)->run($portal);

sub stored_in {
    my $directory = "$folder/$_[0]";
    for my $made ( $directory, "$directory/lock" ) { mkdir $made or die "$made: $!\n" }
    return { Directory => $directory, LockDirectory => "$directory/lock" };
}

sub write_to {
    my ( $name, $text ) = @_;
    open my $file, '>', "$folder/$name" or die "$name: $!\n";
    print {$file} $text;
    close $file or die "$name: $!\n";
    return;
}

# The test keeps our standard input open; when it is gone, so is the server.
sub end_with_the_test {
    my $server = $$;
    return if fork // die "fork: $!\n";
    1 while <STDIN>;
    kill 'TERM', $server if getppid == $server;
    exit;
}
