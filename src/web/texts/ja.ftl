# All texts that people are shown, in Japanese. What en.ftl says of the texts goes for these, too. People are
# addressed politely (です, ます).

## Shared by several problems

-help-desk = 下記のコードと処理番号をヘルプデスクにお知らせください。
-log-in-again = もう一度ログインしてください。それでもうまくいかない場合は、下記のコードをヘルプデスクにお知らせください。
-goes-on = 準備ができしだい、このページは自動的に続行します。
-from-the-list = リンクを確認するか、ポータルの一覧から開いてください。

## In place of the remedy, where a page must not be asked for again by itself

of-sent-form = フォームに戻ってください。もう一度送信する前に、届いているかどうかを自分のリクエストの一覧で確認してください。
of-answer = 1 分ほど待ってから、もう一度ログインしてください。

## The request itself

bad-request = このアドレスは開けません
    .text = アドレス、またはそれとともに送信された内容が正しくないため、何も転送されませんでした。
    .remedy = { -from-the-list }

method-not-allowed = この種類のアクセスは受け付けられません
    .text = ポータルで使われないメソッドによるアクセスです。
    .remedy = 前のページに戻り、ページのリンクかボタンを使ってください。

headers-too-large = ブラウザーから送信されたデータが多すぎます
    .text = ヘッダーが、ここで受け付けられる大きさを超えています。多くの場合、たまった Cookie が原因です。
    .remedy = このサイトの Cookie を削除してから、もう一度リンクを開いてください。

body-too-large = アップロードが大きすぎます
    .text = 一度に送信できるのは { $limit } までです。
    .remedy = より小さいファイルを添付するか、複数のファイルを 1 つずつ添付してください。

text-too-long = 文章が長すぎます
    .text = 一度に送信できる文章は { $limit } までです。
    .remedy = 短くするか、長い部分をファイルとして添付してください。

length-required = 別の方法で送信する必要があります
    .text = 長い文章には長さの情報が必要です。ブラウザーは自動的に送信します。
    .remedy = プログラムから Content-Length を送信するか、長い部分をファイルとして添付してください。

too-many-texts = 長い文章を送信している人が多すぎます
    .text = 現在、これ以上長い文章を受け付ける余裕がありません。何も送信されていません。
    .remedy = 少し待ってから、もう一度送信してください。

wrong-host = この名前では何も提供されていません
    .text = ポータルは { $public_url } にあります。
    .remedy = 代わりに { $public_url } を開いてください。

cross-site = 別のサイトからのアクセスです
    .text = 別のサイトのページがここで変更を行おうとしたため、中止しました。
    .remedy = ご自身で行うつもりだった場合は、ポータルを開いて行ってください。

stale-form = このページは古くなっています
    .text = このフォームは以前のログインのものです。
    .remedy = 前のページに戻って再読み込みし、もう一度お試しください。

path-not-open = このアドレスはここでは開けません
    .text = ここで利用できるのはポータルだけです。このアドレスは Jira の別の部分のものです。
    .remedy = ポータルの一覧から開いてください。Jira で作業している場合は、Jira のアドレスを使ってください。

customer-unknown = Jira にカスタマーとして登録されていません
    .text = ここへのログインは成功しましたが、Jira が別のログインを求めています。お使いのアドレスのカスタマーが Jira にいないか、ここからのログインを受け入れる設定になっていません。
    .remedy = { -help-desk }別のアカウントをお持ちの場合は、そのアカウントでログインしてください。

too-many-requests = 同時アクセスが多すぎます
    .text = あなた、またはお使いのネットワークのアドレスからのアクセスが、ここで同時に処理できる数を超えています。
    .remedy = { -goes-on }

too-many-websockets = 同時に開いているライブ接続が多すぎます
    .text = ライブ接続を使うページが、ここで同時に処理できる数を超えて開かれています。
    .remedy = ポータルの他のタブをいくつか閉じて、もう一度お試しください。

request-too-slow = アップロードが止まりました
    .text = ブラウザーからの送信が遅すぎたか、途中で止まりました。
    .remedy = 接続を確認して、もう一度お試しください。

too-many-logins = 同時ログインが多すぎます
    .text = お使いのネットワークのアドレスから、またはご自身によって 1 分間に開始されたログインが、ここで受け付けられる数を超えています。
    .remedy = { -goes-on }

link-used = このリンクは無効になりました
    .text = 短い時間内に一度だけ開けるリンクでした。
    .remedy = リンクを渡した人に、新しいリンクを依頼してください。

emergency-network = このリンクはここからは開けません
    .text = この種のリンクは特定のネットワークからのみ開けます。お使いのネットワークは含まれていません。
    .remedy = 所属する組織のネットワークから開いてください。リンクはまだ使用されていません。

not-found = このページはありません
    .text = アドレスの先には何もありません。
    .remedy = { -from-the-list }

## The customer's account

identity-too-large = アカウントが属するグループが多すぎます
    .text = 所属する組織のログインから届くあなたの情報は { $bytes } バイトですが、ポータルに伝えられるのは { $limit } バイトまでです。
    .remedy = ヘルプデスクにご相談ください。ログインから届く情報を変更する必要があります。

customer-missing = ポータルにまだ登録されていません
    .text = { $who } としてログインしていますが、ヘルプデスク システムにはそのアドレスのカスタマーがいません。
    .remedy = { $who } をカスタマーとして追加するよう、ヘルプデスクに依頼してください。別のアカウントをお持ちの場合は、そのアカウントでログインしてください。

# $cause says why it cannot be told.
customer-unclear = どのカスタマーなのかを判断できません
    .text = { $cause ->
        [no-email] { $who } としてログインしていますが、所属する組織のログインから、あなたを特定できるメール アドレスが届いていません。
        [several] ヘルプデスク システムに、アドレス { $who } のカスタマーが複数います。
        [hidden] アドレス { $who } がどのカスタマーのものかを、ヘルプデスク システムが表示していません。
        [taken] アドレス { $who } のカスタマーは別のログインのものです。以前そのアドレスを使っていた人のログインかもしれません。
        [inactive] アドレス { $who } のカスタマーは、ヘルプデスク システムで無効になっています。
       *[gone] ログイン { $who } に対応するカスタマーが存在しなくなりました。
    }
    .remedy = { $cause ->
        [inactive] カスタマー { $who } をもう一度有効にするよう、ヘルプデスクに依頼してください。
        [no-email] ヘルプデスクにご相談ください。ログインからアドレスが届くように、管理者が設定する必要があります。
       *[other] ヘルプデスクにご相談ください。管理者がコマンド「jsm-gate customers bind」で、{ $who } のカスタマー アカウントを選ぶ必要があります。
    }

customer-not-listed = 「{ $portal }」を利用できるのは、登録されているカスタマーだけです
    .text = { $who } としてログインしていますが、このポータルのカスタマーに含まれていません。
    .remedy = { $who } を「{ $portal }」のカスタマーに追加するよう、ヘルプデスクに依頼してください。別のアカウントをお持ちの場合は、そのアカウントでログインしてください。

customer-staff = このアカウントは Jira で作業するためのものです
    .text = { $who } としてログインしていますが、このアカウントは Jira ではチームのものです。カスタマー用の入口からは、そのようなアカウントではログインできません。
    .remedy = 作業には Jira 自体のアドレスを使ってください。カスタマーとして別のアカウントをお持ちの場合は、そのアカウントでログインしてください。

jira-denied = Jira がそのページを許可していません
    .text = { $who } としてログインしていますが、Jira によると、このアカウントではそのページを表示できません。
    .remedy = { -help-desk }別のアカウントをお持ちの場合は、そのアカウントでログインしてください。

jira-login-refused = Jira がログインを受け入れませんでした
    .text = ここへのログインは成功しましたが、あなたについて伝えられた内容を Jira が受け入れていません。理由は Jira のログにあります。
    .remedy = { -help-desk }

jira-login-lost = Jira がログインを忘れました
    .text = Jira はログインを受け入れましたが、次の段階であなたを認識できなくなりました。
    .remedy = 1 分ほど待ってから、ポータルをもう一度開いてください。解決しない場合: { -help-desk }

customers-unavailable = 誰であるかを確認できません
    .text = ヘルプデスク システムが現在応答していません。データは失われていません。
    .remedy = { -goes-on }

## The portal

portal-unknown = このポータルはありません
    .text = このリンクのポータルはありません。
    .remedy = リンクに入力ミスがないか確認するか、ポータルの一覧から開いてください。

portal-gone = このポータルはなくなりました
    .text = 「{ $portal }」は閉鎖されたか、移動しました。
    .remedy = ポータルの一覧から開くか、担当者に新しいリンクをお問い合わせください。

type-unavailable = このリクエストはここでは作成できません
    .text = 「{ $name }」のフォームには、このポータルで表示できない項目があります。
    .remedy = 下記のコードをヘルプデスクに知らせるか、別の種類のリクエストを選んでください。

portal-without-id = このポータルはまだ設定されていません
    .text = 「{ $portal }」のアドレスを JSM から取得できません。
    .remedy = 管理者が設定で `portal_id` を指定できます。

directory-empty = ポータルの情報がまだありません
    .text = ポータルの一覧をヘルプデスク システムからまだ読み取れていません。
    .remedy = { -goes-on }

# $cause is the kind of rule. Nothing is told of what the rule says.
refused = 「{ $portal }」にアクセスできません
    .text = { $cause ->
        [other-provider] 「{ $portal }」は、別の場所でログインする人が利用できます。
        [not-in-emergency] 「{ $portal }」は、あなたの緊急アクセスの対象ではありません。
        [denied-group] 「{ $portal }」は、あなたのアカウントが属するグループには公開されていません。
        [denied-email] 「{ $portal }」は、あなたのアカウントには公開されていません。
        [denied-email-domain] 「{ $portal }」は、あなたのアカウントのメール ドメインには公開されていません。
        [denied-provider] 「{ $portal }」は、使用したログインのアカウントには公開されていません。
        [denied-claim] 「{ $portal }」は、あなたのアカウントに関する組織の情報により、公開されていません。
       *[not-listed] 「{ $portal }」は一部のカスタマーにのみ公開されており、あなたのアカウントは含まれていません。
    }
    .remedy = 別のアカウントをお持ちの場合は、そのアカウントでログインしてください。このアカウントでのアクセスが必要な場合は、ヘルプデスクの担当者に依頼してください。

# $cause is what the rule asks for. Nothing is told of what the rule says.
access-unknown = 「{ $portal }」を利用できるかどうかがわかりません
    .text = { $cause ->
        [unknown-groups] 「{ $portal }」を利用できるかどうかはアカウントのグループによりますが、ログインからその情報が届いていません。
        [unknown-email] 「{ $portal }」を利用できるかどうかはメール アドレスによりますが、ログインからその情報が届いていません。
       *[unknown-claim] 「{ $portal }」を利用できるかどうかはアカウントに関する組織の情報によりますが、ログインからその情報が届いていません。
    }
    .remedy = もう一度ログインしてください。このページが再び表示される場合は、コードをヘルプデスクに知らせてください。ログインから届く情報を変更する必要があります。

other-provider = 「{ $portal }」には別のログインが必要です
    .text = 「{ $portal }」は、「{ $provider }」でログインする人が利用できます。
    .remedy = 「{ $provider }」でログインしてください。現在のログインと置き換わります。

step-up-needed = 「{ $portal }」には別のログインが必要です
    .text = 「{ $portal }」には、現在よりも強力な、または新しいログインが必要です。
    .remedy = もう一度開いてください。ログインが始まります。

step-up-failed = このログインでは「{ $portal }」を利用できません
    .text = 「{ $portal }」には、今回よりも強力な、または新しいログインが必要です。
    .remedy = 2 要素認証など、所属する組織が求める方法でもう一度ログインしてください。それでも解決しない場合は、ヘルプデスクにお知らせください。他はこれまでどおり利用できます。

login-needed = ログインしていません
    .text = この操作にはログインが必要です。前回のログインが終了した可能性があります。
    .remedy = ログインして、もう一度お試しください。

## Applications that log people in here (SAML)

service-provider-unknown = このアプリケーションはありません
    .text = このアドレスのアプリケーションは、ここでは登録されていません。
    .remedy = { -from-the-list }

saml-request = アプリケーションの要求に応答できません
    .text = アプリケーションからログインのためにここへ移動しましたが、送られてきた内容が正しくありません。
    .remedy = アプリケーションに戻って、もう一度やり直してください。それでも失敗する場合は、下のコードとリクエスト番号をヘルプデスクにお知らせください。

saml-request-old = 時間が経ちすぎました
    .text = 「{ $name }」からログインのためにここへ移動しましたが、時間が経ちすぎています。
    .remedy = 「{ $name }」をもう一度開いてください。

# $cause is what cannot be told.
not-vouched = 「{ $name }」にログインできません
    .text = { $cause ->
        [no-address] 「{ $name }」にはメール アドレスが必要ですが、ログインからその情報が届いていません。
        [unverified] 「{ $name }」にはメール アドレスが必要ですが、ログインではそのアドレスが確認されていません。
        [characters] ログインから届いた情報に、「{ $name }」に伝えられない文字が含まれています。
       *[missing] 「{ $name }」に必要な情報が、ログインから届いていません。
    }
    .remedy = 別のアカウントをお持ちの場合は、そのアカウントでログインしてください。お持ちでない場合は、下のコードをヘルプデスクに知らせてください。ログインから届く情報を変更する必要があります。

too-many-answers = ログイン中の人が多すぎます
    .text = 現在、アプリケーションへのログインが混み合っています。
    .remedy = { -goes-on }

## Behind the gate

sessions-unavailable = 現在、ログインを確認できません
    .text = 誰がログインしているかを調べることができません。
    .remedy = { -goes-on }

emergency-unaudited = 現在、緊急アクセスは利用できません
    .text = 利用者を記録する必要がありますが、記録できませんでした。
    .remedy = リンクを渡した人にお知らせください。復旧後に新しいリンクを作成できます。

upstream-unreachable = ポータルが応答しません
    .text = ヘルプデスク システムに現在接続できません。ログインは継続しています。
    .remedy = { -goes-on }

upstream-busy = ポータルが混み合っています
    .text = ヘルプデスク システムは現在、処理しきれない状態です。ログインは継続しており、今回の操作は転送されていません。
    .remedy = { -goes-on }

upstream-slow = ポータルの応答に時間がかかりすぎています
    .text = ヘルプデスク システムが時間内に応答しませんでした。ログインは継続しています。
    .remedy = { -goes-on }

internal = ここで問題が発生しました
    .text = 処理を完了できませんでした。
    .remedy = もう一度お試しください。再び発生する場合は、下記のコードと処理番号をヘルプデスクにお知らせください。

## A login that failed

provider-unreachable = 所属する組織のログインが応答しません
    .text = 「{ $provider }」に現在接続できないため、誰もログインできません。
    .remedy = 再び応答しだい、このページは自動的に続行します。

login-loop = ログインが繰り返されています
    .text = { $cause ->
        [session-cookie-missing] 1 分間に何度もログインしましたが、ログインを示す Cookie がブラウザーに保存されません。
       *[session-unknown] 1 分間に何度もログインしましたが、その後ログインが認識されません。
    }
    .remedy = このサイトの Cookie を許可し、端末の時計を確認してから、もう一度ログインしてください。

login-expired = このログインは終了しています
    .text = { $cause ->
        [code-refused] ログインはすでに使用されたか、時間がかかりすぎました。
        [too-old] ログインに時間がかかりすぎました。
        [spent] すでに完了しています。2 回クリックした可能性があります。
       *[not-pending] すでに完了したか、別のブラウザーで開始されたか、ブラウザーが Cookie を保存していません。
    }
    .remedy = もう一度ログインしてください。再びこのページが表示される場合は、このサイトの Cookie を許可してください。

login-cancelled = ログインをキャンセルしました
    .text = 所属する組織でのログインを完了しませんでした。応答: { $answer }
    .remedy = いつでも、もう一度ログインできます。

login-timed-out = ログインに時間がかかりすぎました
    .text = 所属する組織のログイン ページが長い間開いたままだったか、ログインが別のタブで続けられました。
    .remedy = もう一度ログインしてください。

provider-busy = 所属する組織のログインが現在応答できません
    .text = 応答: { $answer }
    .remedy = 1 分ほど待ってから、もう一度ログインしてください。

# Providers have one answer for those who cancel and those who may not log in.
provider-refused = 所属する組織のログインで許可されませんでした
    .text = 応答: { $answer }。ログインがキャンセルされたか、このアカウントではここにログインできません。
    .remedy = 別のアカウントでログインするか、下記のコードをヘルプデスクにお知らせください。

email-unverified = メール アドレスが確認されていません
    .text = { $email } があなたのものであることを、所属する組織のログインが確認していません。
    .remedy = 組織の側でアドレスを確認してもう一度ログインするか、別のアカウントでログインしてください。

email-invalid = メール アドレスを使用できません
    .text = { $email } は、持ち主を確実に判断できるアドレスではありません。
    .remedy = { -help-desk }

email-domain-elsewhere = このアドレスは別の場所でログインします
    .text = { $email } としてログインしましたが、このようなアドレスは「{ $provider }」でログインします。
    .remedy = そちらでログインするか、別のアカウントでログインしてください。

callback-invalid = これはログインへの応答ではありません
    .text = { $cause ->
        [refused] ログインは拒否されましたが、どのログインへの応答かが示されていません。そのため、内容はログにのみ記録されています。
       *[no-answer] このアドレスは、ここで開始されたログインのものではありません。
    }
    .remedy = { -log-in-again }

issuer-mismatch = これはログインへの応答ではありません
    .text = { $cause ->
        [refused] ログインは拒否されましたが、どのログインへの応答かが示されていません。そのため、内容はログにのみ記録されています。
       *[no-answer] このアドレスは、ここで開始されたログインのものではありません。
    }
    .remedy = { -log-in-again }

token-response = ログインを確認できませんでした
    .text = 所属する組織のログインから、あなたが誰であるかを証明しない応答が届きました。
    .remedy = { -log-in-again }

token-invalid = ログインを確認できませんでした
    .text = 所属する組織のログインから、あなたが誰であるかを証明しない応答が届きました。
    .remedy = { -log-in-again }

user-info-invalid = ログインを確認できませんでした
    .text = 所属する組織のログインから、あなたが誰であるかを証明しない応答が届きました。
    .remedy = { -log-in-again }

provider-unknown = このログインはありません
    .text = ここに設定されていないログインのアドレスです。
    .remedy = { -help-desk }

client-rejected = ログインが正しく設定されていません
    .text = ポータルと所属する組織のログインの設定が一致していません。
    .remedy = { -help-desk }

request-refused = ログインが正しく設定されていません
    .text = ポータルと所属する組織のログインの設定が一致していません。
    .remedy = { -help-desk }

login-cookie = ログインが正しく設定されていません
    .text = ポータルと所属する組織のログインの設定が一致していません。
    .remedy = { -help-desk }

## Times, already in the customer's time zone

time-of-day = { $time }
time-today = 今日 { $time }
time-yesterday = 昨日 { $time }
time-this-year = { $short_month }{ $day }日 { $time }
time-other-year = { $year }年{ $short_month }{ $day }日 { $time }
day-in-full = { $year }年{ $month }{ $day }日
time-in-full = { $year }年{ $month }{ $day }日 { $time }

month-1 = 1月
    .short = 1月
month-2 = 2月
    .short = 2月
month-3 = 3月
    .short = 3月
month-4 = 4月
    .short = 4月
month-5 = 5月
    .short = 5月
month-6 = 6月
    .short = 6月
month-7 = 7月
    .short = 7月
month-8 = 8月
    .short = 8月
month-9 = 9月
    .short = 9月
month-10 = 10月
    .short = 10月
month-11 = 11月
    .short = 11月
month-12 = 12月
    .short = 12月

# $unit is bytes, kilo or mega.
size = { $unit ->
    [bytes] { $number } バイト
    [kilo] { $number } KB
   *[mega] { $number } MB
}

## The frame of every page

frame-skip = メイン コンテンツへ移動
frame-navigation = メイン ナビゲーション
frame-requests = 自分のリクエスト
frame-account = アカウント
frame-who = { $who } としてログイン中
frame-help = お困りの場合: { $contact }
frame-language = 言語: { $language }
# $zone is a city.
frame-preferences = { $language }、{ $zone } 時間
frame-log-out = ログアウト
frame-emergency = 緊急アクセス
frame-emergency-text = { $who } として { $until } まで。開いたものはすべて記録されます。
frame-emergency-end = 緊急アクセスを終了

## Words of several pages

one-moment = 少々お待ちください
continue = 続行
post-text = 自動的に進まない場合は、ボタンを押して { $host } に進んでください。
you-are = { $who } としてログインしています。
login-again = もう一度ログイン
log-in-as-other = 別のアカウントでログイン
log-in-at = { $provider } でログイン
log-out-there-first = { $provider } で再び同じアカウントになる場合は、先にそちらでログアウトしてください。
log-out-elsewhere-first = 所属する組織で再び同じアカウントになる場合は、先にそちらでログアウトするか、このページをプライベート ウィンドウで開いてください。
try-again = もう一度試す
choose-another-login = 別のログインを選択

## What a problem's page says for the help desk

problem-code = コード
problem-reason = 理由
problem-request = 処理番号

## The login's pages

choose-title = ログイン
choose-title-error = エラー: ログイン
choose-email = 仕事用のメール アドレス
choose-email-hint = 所属する組織のログインがわかります。ここではパスワードを入力しません。
choose-no-address = メール アドレスが完全ではありません。
choose-no-provider = このアドレスのログインが見つかりません。入力ミスがないか確認するか、組織を選択してください。
choose-organisation = 組織を選択してください
choose-or-organisation = または組織を選択してください

emergency-lets-in = このリンクで、{ $account } は次のポータルに { $minutes } 分間アクセスできます:
emergency-once = 使えるのは一度だけです。ご本人でない場合は、このページを閉じてください。利用者は記録されます。
emergency-start = 緊急アクセスを開始

logout-question = ログアウトしますか?
logout-stay = ログインしたままにする
logged-out-title = ログアウト済み
logged-out-heading = ログアウトしました
logged-out-there = ここと { $at } からログアウトしました。ご自身の端末でない場合は、ブラウザーも閉じてください。
logged-out-here = ここからログアウトしました。所属する組織のログインは、このブラウザーでまだ続いている可能性があります。ご自身の端末でない場合は、ブラウザーも閉じてください。

same-account-title = 再び同じアカウント
same-account-heading = 再び同じアカウントでログインしました
same-account-text = { $provider } は別のアカウントを尋ねませんでした。引き続き { $who } としてログインしています。
same-account-log-out = 別のアカウントを使うには、先に { $provider } からログアウトして、もう一度ログインしてください。
same-account-private-window = 別のアカウントを使うには、先に { $provider } からログアウトするか、このページをプライベート ウィンドウで開いてください。
same-account-go-on = このアカウントで続行
log-out-at = { $provider } からログアウト

tested-title = テスト ログイン
tested-heading = テスト ログインに成功しました
tested-text = ログインによると、あなたは { $account } です。その他の情報と、利用できるポータルは、テストを開始した画面に表示されます。
tested-close = これはテストでした。ここにはログインしていません。このページを閉じてください。

## The customer's portals

home-title = ポータル
home-search = ポータルを検索
home-no-such = その名前のポータルはありません。{ $all }
home-show-all = すべて表示
home-none = { $who } が利用できるポータルはありません。
home-none-remedy = 別のアカウントをお持ちの場合は、そのアカウントでログインしてください。このアカウントでのアクセスが必要な場合は、ヘルプデスクの担当者に依頼してください。

## The page on which a customer chooses language and time zone

preferences-title = 言語とタイム ゾーン
preferences-saved = 設定を保存しました。
preferences-language = 言語
preferences-language-hint = ページとメッセージの言語です。人が書いた文章はそのまま表示されます。
preferences-zone = タイム ゾーン
# $time is the time of day there, $zone a city.
preferences-zone-hint = すべての時刻がこのタイム ゾーンで表示されます。{ $zone } は現在 { $time } です。
preferences-zone-default = ヘルプデスクと同じ ({ $zone })
preferences-save = 設定を保存
preferences-me = ログイン中のアカウント
preferences-me-text = この情報は所属する組織のログインから届いたものです。変更は組織に依頼してください。
preferences-name = 名前
preferences-email = メール アドレス

zone-africa = アフリカ
zone-america = アメリカ
zone-antarctica = 南極
zone-asia = アジア
zone-atlantic = 大西洋
zone-australia = オーストラリア
zone-europe = ヨーロッパ
zone-indian = インド洋
zone-pacific = 太平洋

## The home page of a portal, and its search

portal-announcement = お知らせ
portal-announcement-away = 読みました
portal-search-label = どのようなことでお困りですか?
portal-search-hint = リクエスト タイプと自分のリクエストを検索します
portal-search-hint-articles = リクエスト タイプ、自分のリクエスト、ヘルプ記事を検索します
portal-search-button = 検索
portal-open-requests = 未完了のリクエスト
portal-all-requests = 自分のリクエストをすべて表示
portal-request-line = { $key } · { $time } に更新
portal-old = ヘルプデスク システムが現在応答していません。最後に取得した内容を表示しています。変更されている可能性があります。
portal-requests-away = ヘルプデスク システムが応答しないため、現在リクエストを表示できません。失われたものはありません。
portal-no-types = 現在、ここで作成できるリクエストはありません。

search-title = 検索: { $words }
search-heading = 検索
search-found = { $count ->
   *[other] 「{ $words }」の検索結果: { $count } 件
}
search-count-types = { $count ->
   *[other] リクエスト タイプ { $count } 件
}
search-count-requests = { $count ->
   *[other] 自分のリクエスト { $count } 件
}
search-count-articles = { $count ->
   *[other] ヘルプ記事 { $count } 件
}
# What a script says aloud while somebody types.
search-suggestions = { $count ->
    [0] 候補はありません
   *[other] 候補: { $count } 件
}
search-nothing = 「{ $words }」に一致するものは見つかりませんでした
search-types = リクエスト タイプ
search-requests = 自分のリクエスト
search-other = お探しのものが見つかりませんか?
search-other-text = 別の言葉や、より少ない言葉でお試しください。リクエストの番号を入力すると、そのリクエストが開きます。

## The knowledge base

kb-articles = ヘルプ記事
kb-more = 問題は解決しませんでしたか?

## The list of requests

requests-heading = 自分のリクエスト
requests-whose = 誰のリクエスト
requests-mine = 自分
requests-shared = 自分と共有
requests-approvals = 自分の承認待ち
requests-search = これらのリクエストを検索
requests-status = ステータス
requests-state-open = 未完了
requests-state-closed = 完了
requests-state-all = 未完了と完了
requests-more-filters = その他のフィルター
requests-any = すべて
requests-type = リクエスト タイプ
requests-portal = ポータル
requests-from = 作成日 (開始)
requests-to = 作成日 (終了)
requests-sort = 並べ替え
requests-sort-updated = 更新順
requests-sort-newest = 新しい順
requests-sort-oldest = 古い順
requests-columns = 表示する項目
requests-column-type = リクエスト タイプ
requests-column-portal = ポータル
requests-column-by = 作成者
requests-column-made = 作成日時
requests-column-updated = 更新日時
requests-column-priority = 優先度
requests-column-assignee = 担当者
requests-column-sla = 合意された期限
requests-show = リクエストを表示
requests-csv = CSV でダウンロード
requests-count = { $count ->
   *[other] { $count } 件のリクエスト
}
requests-count-about = 約 { $count } 件中 { $shown } 件のリクエスト
requests-pages = ページ
requests-next = 次のページ
requests-previous = 前のページ
requests-first = 最初のページ
requests-title-nothing = 自分のリクエスト: 見つかりませんでした
# $state is open, closed or all.
requests-none-words = { $state ->
    [open] 「{ $words }」を含む未完了のリクエストはありません
    [closed] 「{ $words }」を含む完了したリクエストはありません
   *[all] 「{ $words }」を含むリクエストはありません
}
requests-none-fits = { $state ->
    [open] 条件に合う未完了のリクエストはありません
    [closed] 条件に合う完了したリクエストはありません
   *[all] 条件に合うリクエストはありません
}
requests-none-yet = まだリクエストを作成していません
requests-none-here = このページにリクエストはありません
requests-none-mine = { $state ->
    [open] 未完了のリクエストはありません
    [closed] 完了したリクエストはありません
   *[all] リクエストはありません
}
requests-none-shared = { $state ->
    [open] 自分と共有されている未完了のリクエストはありません
    [closed] 自分と共有されている完了したリクエストはありません
   *[all] 自分と共有されているリクエストはありません
}
requests-none-approvals = 自分の承認を待っているリクエストはありません
requests-none-organization = { $state ->
    [open] この組織と共有されている未完了のリクエストはありません
    [closed] この組織と共有されている完了したリクエストはありません
   *[all] この組織と共有されているリクエストはありません
}
requests-closed = { $count ->
   *[other] 完了したリクエストが { $count } 件あります
}
requests-closed-about = 完了したリクエストが約 { $count } 件あります
requests-show-closed = 完了したリクエストも表示
requests-clear = 検索とフィルターをクリア
requests-make = リクエストを作成
requests-left-out = 次のポータルについてヘルプデスク システムが現在応答していないため、そのリクエストはここに表示されません:
requests-updated = 更新: { $time }
requests-made = 作成: { $time }
requests-by = 作成者: { $who }

## A request

request-line = { $mine ->
    [true] { $type } · { $time } に自分が作成
   *[false] { $type } · { $time } に { $who } が作成
}
request-details = 詳細
request-activity = アクティビティ
request-status-changed = ステータスが { $status } に変わりました · { $time }
request-made = { $mine ->
    [true] 自分がこのリクエストを作成しました · { $time }
   *[false] { $who } がこのリクエストを作成しました · { $time }
}
request-earlier = { $count ->
   *[other] 以前の { $count } 件を表示
}
request-about = このリクエストについて
request-history = ステータス
request-approvals = 承認
request-decision-approved = 承認済み
request-decision-declined = 却下
request-decision-pending = 保留中
native-approve = 承認を求められています
    .link = Jira Service Management で決定する
    .mail = Jira Service Management からメールが送信されています。メールのリンクから決定できます。
native-rate = いかがでしたか?
    .link = Jira Service Management で評価する
request-people = 関係者
request-you = 自分
request-organizations = 共有先
request-files = ファイル
request-external = 外部
request-do = 実行できる操作
request-moved = このリクエストのステータスが変わりました。
request-not-changed = 何も変更されませんでした。ヘルプデスク システムが受け付けなかったか、現在応答していません。1 分ほど待ってから、もう一度お試しください。
request-not-offered = この操作はもうできません。その間にステータスが変わりました。
request-not-known = 実行されたかどうか、まだわかりません。少し待ってから、もう一度このページを確認してください。

## The page that asks before the status of a request is changed

# $transition is what Jira calls the step, such as “Resolve this request”.
transition-question = 「{ $transition }」を実行しますか?
transition-comment = 補足することはありますか?
transition-back = 戻る

## The reply to a request

reply-label = 返信
reply-hint = このリクエストに参加している全員が読むことができます。- を使ったリスト、**太字**、`コード`、リンクが使えます。
reply-files = ファイルを追加
reply-preview = プレビュー
reply-preview-heading = 返信のプレビュー
reply-send = 返信を送信
# $transition is what Jira calls a step, such as “Resolve this request”.
reply-send-and = 送信してから: { $transition }
reply-sent = 返信を送信しました。
reply-sent-only = 返信を送信しましたが、ステータスを変更できませんでした。
reply-sent-at-least = 返信を送信しました。ステータスも変更されたかどうかはわかりません。もう一度変更する前に、ここで確認してください。
reply-empty = 返信を入力してください
reply-too-long = 返信は { $limit } 文字以内で入力してください。現在 { $count } 文字です
reply-refused = ヘルプデスク システムが返信を受け付けませんでした。入力した内容はすべてここに残っています。再び発生する場合は、ヘルプデスクにお知らせください。
reply-not-offered = その間にステータスが変わったため、返信は送信されませんでした。入力した内容はすべてここに残っています。
reply-not-sent = 返信は送信されませんでした。ヘルプデスク システムが現在応答していません。入力した内容はすべてここに残っています。1 分ほど待ってから送信してください。
reply-unknown = 返信が届いたかどうか、まだわかりません。入力した内容はすべてここに残っています。少し待ってからもう一度確認してください。二重に送信されることはありません。
reply-undecided = このリクエストに返信が見つかりませんでした。届いていない可能性があります。上のアクティビティを確認し、そこになければもう一度送信してください。

## The people of a request, and the organisations that it is shared with

people-leave = フォローをやめる
people-remove = { $person } を削除
people-add-person = 人を追加
people-email = メール アドレス
people-hint = その人はこのリクエストを読み、返信できます
people-add = 追加
people-empty = メール アドレスを入力してください。例: name@example.com
people-too-many = 1 時間以内に多くの人を入力しました。しばらくしてからもう一度お試しください
# Whether the address is known must not be told.
people-added = そのアドレスを持ち、このヘルプデスクを利用できる人が、このリクエストに参加しました。
people-removed = その人はこのリクエストに参加しなくなりました。
sharing-nobody = ここに挙げた人だけが見ることができます。
sharing-share = { $organization } と共有
sharing-stop = { $organization } との共有をやめる
sharing-shared = このリクエストを共有しました。その組織の全員が見ることができます。
sharing-unshared = このリクエストはその組織と共有されなくなりました。

request-slas = 合意した時間
shown-priority = 優先度
    .line = 優先度: { $value }
shown-assignee = 担当者
    .line = 担当者: { $value }
sla-due = 期限: { $time }
sla-paused = 一時停止中
sla-missed = 超過
sla-met = 達成
# $name is what Jira calls the agreed time, $state one of the four above.
sla-line = { $name }: { $state }

## The columns of a list as CSV

csv-key = リクエスト
csv-summary = 要約
csv-type = リクエスト タイプ
csv-status = ステータス
csv-by = 作成者
csv-made = 作成
csv-updated = 更新
csv-portal = ポータル

## The form that makes a request

form-problem = 問題があります
form-error = エラー:
form-optional = (任意)
form-optional-label = { $name } { $optional }
form-none = なし
form-choose = 選択してください
form-narrow = このリストを検索
form-narrow-none = このリストに一致するものはありません
# A script puts the number there.
form-characters-left = 残りの文字数: { $count }
form-characters-over = 超過した文字数: { $count }
form-cascade = { $parent }、{ $child }

# $part is day, month, year or time.
form-date-part = { $part ->
    [day] 日
    [month] 月
    [year] 年
   *[time] 時刻
}

form-hint-choices = 当てはまるものをすべて選択してください
form-hint-date = 例: 2026 11 30
# $zone is a city.
form-hint-date-time = { $zone } の時刻。例: 2026 12 2 14:30
# $size is in megabytes, $count how many files there may be.
form-hint-files = { $count ->
    [1] { $size } MB まで
   *[other] 1 つのファイルは { $size } MB まで、ファイルは { $count } 個まで
}
form-hint-labels = 単語を空白で区切って入力してください
form-hint-participants = メール アドレスを 1 行に 1 つずつ入力してください。アクセスできる人が追加され、このリクエストを読み、返信できます。
form-hint-people = メール アドレスを 1 行に 1 つずつ入力してください
form-hint-person = メール アドレス

form-sharing = このリクエストを見ることができる人
form-share-private = ここに挙げた人だけ
form-share-private-hint = 自分と、このフォームに入力した人
form-share-organization = { $organization } の全員
form-share-organization-hint = このヘルプデスクを利用するすべての同僚

form-upload = 今すぐアップロード
form-files-kept = 追加したファイル
# A script puts the number there.
form-uploading = アップロード中: { $percent } %
form-uploaded = アップロードしました
form-upload-failed = ファイルはアップロードされませんでした。フォームを送信して、もう一度お試しください
form-draft = このブラウザーで入力を始めて、まだ送信していないフォームがあります。
form-draft-take = 続きから入力
form-draft-drop = 破棄
form-file-size = { $size } MB
form-file-remove = { $file } を削除
form-files-uploaded = ファイルをアップロードしました。フォームと一緒に送信されます。
form-file-removed = ファイルを削除しました。

## Mistakes in that form. $field is the name that the help desk gave the field.

form-empty = 「{ $field }」を入力してください
form-not-chosen = 「{ $field }」を選択してください
form-too-long = 「{ $field }」は { $limit } 文字以内で入力してください。現在 { $count } 文字です
form-label-too-long = 「{ $text }」は長すぎます。「{ $field }」の単語は { $limit } 文字までです
form-not-a-number = 「{ $field }」は数値で入力してください。例: 1500、1499.90
form-number-too-large = 「{ $field }」は -100 兆から 100 兆までの数値で入力してください
form-url-wrong = 「{ $field }」は Web アドレスで入力してください。例: https://www.example.com/offer
# $part is day, month, year or time.
form-date-incomplete = { $part ->
    [day] 「{ $field }」には日が必要です
    [month] 「{ $field }」には月が必要です
    [year] 「{ $field }」には年が必要です
   *[time] 「{ $field }」には時刻が必要です。例: 14:30
}
form-date-impossible = 「{ $field }」は実在する日付で入力してください。例: 2026 11 30
form-day-impossible = 「{ $field }」は実在する日付で入力してください。{ $days ->
    [28] { $year }年{ $month }は 28 日までです
    [29] { $year }年{ $month }は 29 日までです
   *[other] { $month }は { $days } 日までです
}
form-year-short = 「{ $field }」の年は 4 桁で入力してください。例: 2026
form-time-impossible = 「{ $field }」は実在する時刻で入力してください。例: 14:30
form-email-missing = 「{ $field }」のメール アドレスを入力してください。例: name@example.com
form-email-wrong = 「{ $text }」はメール アドレスではありません。name@example.com のように入力してください
form-email-line-wrong = { $line } 行目はメール アドレスではありません: 「{ $text }」。name@example.com のように入力してください
# Whether the address is known must not be told.
form-person-unusable = 「{ $email }」は「{ $field }」に使用できません。このヘルプデスクを利用する人のアドレスを入力してください
form-too-many-people = 1 時間以内に多くの人を入力しました。「{ $field }」から新しい人を外すか、後でフォームを送信してください
form-refused-elsewhere = このフォームにない項目がヘルプデスク側で必要とされています。使用したフォームをヘルプデスクにお知らせください
form-file-missing = 「{ $field }」のファイルを追加してください
form-file-empty = 「{ $file }」は空です
form-file-failed = 「{ $file }」はアップロードされませんでした。もう一度選択してください
form-file-crowded = 「{ $file }」はアップロードされませんでした。現在送信中のファイルが多すぎます。1 分ほど待ってから、もう一度選択してください
form-file-refused = ヘルプデスクは「{ $file }」を受け付けません。より小さいファイルか、別の種類のファイルを選択してください
form-files-forgotten = { $count ->
    [1] 「{ $file }」はアップロードから時間がたちすぎました。もう一度選択してください
   *[other] { $count } 個のファイルはアップロードから時間がたちすぎました。もう一度選択してください
}
form-file-too-large = 「{ $file }」は大きすぎます: { $size } MB。1 つのファイルは { $limit } MB までです
form-too-many-files = { $limit ->
    [1] 追加できるファイルは 1 個です。現在 { $count } 個です
   *[other] 追加できるファイルは { $limit } 個までです。現在 { $count } 個です
}

## The form that makes a request

create-title-error = エラー: { $name }
create-send = リクエストを送信
create-cancel = キャンセル
create-articles = 参考になる記事
create-next = この後の流れ
create-next-number = リクエストに番号が付き、そのページが表示されます。
# $requests is a link, “My requests”.
create-next-answer = そのページで回答します。{ $requests } からいつでも確認できます。
create-old = ヘルプデスク システムが現在応答していません。今フォームに入力しておき、応答するようになってから送信できます。
create-look-again = もう一度確認
create-not-sent = リクエストは送信されませんでした。ヘルプデスク システムが現在応答していません。入力した内容はすべてここに残っています。1 分ほど待ってから送信してください。
create-unknown = リクエストが届いたかどうか、まだわかりません。入力した内容はすべてここに残っています。少し待ってからもう一度確認してください。二重に送信されることはありません。
form-stale = このフォームは以前の日のものか、別の場所のものなので、受け付けられませんでした。入力した内容を確認して、もう一度送信してください。
create-undecided = リクエストが見つかりませんでした。届いていない可能性があります。自分のリクエストの一覧を確認し、そこになければもう一度送信してください。
request-created = リクエストを送信しました。
request-created-not-shared = リクエストを送信しました。組織と共有することはできませんでした。
request-created-perhaps-shared = リクエストを送信しました。組織と共有されたかどうかは、まだわかりません。少し待ってから、もう一度このページを確認してください。

## A form that was not taken, and what was typed into it

kept-text = 入力した内容は 1 時間保存されます。ご本人だけがフォームで再び見ることができます。ファイルがあった場合は、もう一度追加してください。
kept-text-of-another = 入力された内容は、フォームに記入した人のために 1 時間保存されます。他の人には表示されません。
kept-no-text = 入力した内容を保存できませんでした。ブラウザーで前のページに戻ると、フォームに残っている場合があります。先にコピーしてください。
kept-log-in = ログインして続行
kept-back = フォームに戻る
kept-shown = 以前に入力し、送信されなかった内容です。確認して送信してください。ファイルがあった場合は、もう一度追加してください。
