# Every sentence the bot can say. Tone: a helpful neighbour, sparing with words.

## New issues

issue-registered = 已登记 { $number }号：{ $title }{ $place }。{ $told }{ $ask }
told-who = 已告知{ $who }。
told-later = 会尽快转给负责的人。
ask-where = 具体在哪个单元、几楼？直接回一句就行。
no-such-building = 没有{ $building }栋，先记在{ $own }
issues-registered = 已登记 { $items }。
issue-item = { $number }号 { $title }
issue-new =
    { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    { $more }认领请回「认领 { $number }」
issue-urgent =
    🔴 { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    请马上去看。回「收到」我就不再提醒，去办请回「认领 { $number }」
issue-urgent-more =
    🔴 { $number }号 { $title }，{ $clock } { $name }又说：「{ $words }」
issue-urgent-again =
    🔴 { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    { $voices }已过{ $waited }还没有人回应。回「收到」我就不再提醒
voices = { $count }户反映，
issue-offer =
    { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    能去看看吗？能去请回「认领 { $number }」，不方便不用回
issue-free-again =
    { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    现在没有人办，认领请回「认领 { $number }」
issue-assigned =
    { $number }号 { $title } · { $place } · { $clock } { $name }：「{ $words }」
    { $more }办好请回「办结 { $number }」，去不了请回「退回 { $number }」
volunteers-asked = 已先问{ $names }。
recurs = { $number }号办结不久又出现了。
recurs-head = { $number }号又出现了。
anonymous = 匿名
supported = { $number }号已有{ $count }户反映。
supported-private = 您说的已经登记，是{ $number }号 { $title }，也算上您一户。
already-counted = { $number }号已经算上您了
place-noted = 记下了，{ $number }号在{ $place }。
sensitive-group = 已收到，我私聊您。{ $danger }
sensitive-group-unknown = 已收到。{ $danger }这件事请私聊我说，群里不谈。
sensitive-danger = 有危险请马上打110。
sensitive-private = 您说的事已登记为{ $number }号，只有社区工作人员能看到。想补充什么，直接在这里说。
which-building = 收到。请问是几栋？连楼栋一起再说一遍，例如「5栋2单元路灯不亮」。
private-stranger = 您好，要报事请带上楼栋，例如「5栋2单元灯不亮」。有加入码的话请先回「加入 码」。
which-community = 收到。有几个地方都有{ $building }栋，请问是哪里的？连地方一起再说一遍，例如「{ $example }2单元灯不亮」。
group-unbound = 听到有事要报，但本群还没有绑定楼栋。请社区工作人员在群里发「绑定 码」，之后我就能登记。

report-no-building = 这个群还没有绑定楼栋，没法登记。
doubts-ask =
    { $building }群里这{ $count }条是诉求吗？
    { $items }
    回「1 是 2 不是」，也可以回「都是」「都不是」。
doubts-ask-one =
    { $building }群里这条是诉求吗？
    { $items }
    回「是」或「不是」。
doubts-item = { $position } { $clock } { $name }：「{ $words }」
doubts-filed = 已登记 { $items }。
doubts-dropped = 另{ $count }条不登记。

## Urgent: what to do first

emergency-fire = 🔴 着火先离开，别坐电梯，到安全的地方打119。
emergency-gas = 🔴 燃气泄漏请先开窗离开，不要开灯、不要用手机，到楼下再打119。
emergency-elevator = 🔴 被困请按电梯里的警铃，不要扒门，也可以打119。
emergency-electricity = 🔴 请离远一点，不要碰电线和水，有人触电先断电再打120。
emergency-illness = 🔴 请马上打120，不要随便搬动人；敲门没人应请打110。
emergency-elderly = 🔴 人有危险请马上打120；人找不到、敲门没人应，请打110。
emergency-child = 🔴 请马上打110，大家帮忙看一看。
emergency-mental = 🔴 有人有危险请马上打110，旁边的人先陪着、别刺激。
emergency-police = 🔴 请先保证自己安全，马上打110。
emergency-leave = 🔴 请先离开那里，到安全的地方打119。
emergency-other = 🔴 请先保证安全，危险时打110、119或120。
emergency-number = （{ $number }号）
emergency-told = 已通知{ $who }。

## Casework

issue-claimed = { $number }号 { $name }已认领。
issue-assigned-news = { $number }号已请{ $name }去办。
assigned-by = { $name }请您去办{ $words }。
assigned-away = { $number }号改由{ $name }去办，您不用管了。
assign-nobody = 没有找到「{ $name }」。可以请：{ $names }。
assign-which = 有几位都叫「{ $name }」，请写全名，或者引用那位的话回「转派 编号」。
issue-assigned-already = { $number }号本来就是{ $name }在办。
volunteer-claimed = { $number }号 { $title } · { $place }，{ $name }主动认领了。要换人请回「转派 { $number } 姓名」。
issue-released = { $number }号 { $title } 已退回，会再请人来办。
issue-not-claimed = { $number }号现在没有人认领。
released-handler = { $number }号 { $title } 不用您办了。
released-gone = 不在本楼了
issue-noted = { $number }号 { $name }：{ $words }
ask-reporter = { $number }号{ $title }，{ $name }说已办好{ $words }。好了回 1，没好回 2。
ask-if-mended = 是{ $number }号{ $title }好了吗？好了回 1，没好回 2。
resolve-noted = { $number }号已办结，正在请报事的邻居确认。{ $earned }
supporter-resolved = { $number }号{ $title }，{ $name }说已办好。
issue-closed = ✅ { $number }号已销号，用时{ $duration }{ $voices }。
closed-voices = ，{ $count }户反映
issue-reopened = 明白，{ $number }号重新打开，已请{ $name }再去看。
issue-reopened-open = 明白，{ $number }号重新打开。
reopened-handler = { $number }号 { $title } 邻居说还没好{ $words }，请再看看。
issue-withdrawn = { $number }号已撤销。
withdrawn-handler = { $number }号 { $title } 报事的邻居撤销了，不用办了。
issue-merged = { $number }号并入{ $into }号。
issue-absorbed = { $others }号和{ $number }号是一件事，已并入{ $number }号，共{ $count }户反映。
issue-split = 从{ $number }号拆出 { $fresh }号 { $title }。
merge-self = { $number }号不能并入自己。
issue-in-private = { $number }号是私下的事，请在这里跟我说。
issue-invalid = { $number }号不登记了：{ $words }
issue-reclassified = { $number }号改为 { $title }（{ $domain }）。
urgent-mark = {"🔴 "}
issue-overdue = { $number }号 { $title } · { $place } 已等了{ $waited }，还没有人认领。
issue-late-own = { $number }号 { $title } · { $place } 已有{ $waited }，过了期限。办好请回「办结 { $number }」，还要时间请回「延期 { $number } 3天 原因」。
issue-late = { $number }号 { $title } · { $place } 已有{ $waited }，过了期限，{ $name }还没有办结。
escalated-overdue = 过了期限
escalated-by = { $name }上报：{ $words }。
issue-escalated = { $number }号已上报，{ $to }知道了。
issue-escalated-unheard = { $number }号已上报{ $level }，但那边还没有人私聊过我，请您再打个招呼。
issue-at-the-top = { $number }号已经报到头了。
issue-extended = { $number }号延期，{ $limit }。
extended-too-far = { $number }号最多延一年，请换个时间。
issue-pausing = { $number }号先放一放：{ $words }。接着办请回「继续 { $number }」。
issue-paused = { $number }号已经暂停了。接着办请回「继续 { $number }」。
issue-not-paused = { $number }号没有暂停。
issue-resumed = { $number }号继续办，{ $limit }。
limit = 限{ $at }
limit-paused = 暂停中
level-grid = 网格
level-community = 社区
level-street = 街道
acknowledged = 好，{ $items }不再提醒。去办请回「认领 { $number }」。
acknowledged-others = { $number }号 { $title }，{ $name }已收到。
ack-none = 现在没有等您回应的急事。
maybe-mended-own = 您说「{ $words }」，是{ $number }号 { $title }吗？办好了的话请办结。
maybe-mended = { $number }号 { $title }，有邻居说：「{ $words }」。办好了的话请办结。
issue-taken = { $number }号 { $name }已经认领了。
issue-already-yours = { $number }号您已经认领了，办好请回「办结 { $number }」。
issue-not-open = { $number }号{ $status ->
        [resolved] 已经办结，等邻居确认
        [closed] 已经销号
        [withdrawn] 已经撤销
        [invalid] 没有登记为诉求
        [merged] 已经并入别的编号
        [claimed] 正在处理
       *[open] 还没有人办
    }，这一步不用做了。
issue-which = 有几个社区都有{ $number }号（{ $names }），请直接回复我说那件事的那一条。
issue-not-found = 没有找到 { $number }号。发「待办」看看有哪些。
not-allowed-reporter = { $number }号要由报事的邻居自己来说。
not-allowed = { $number }号由{ $building }楼栋长处理，您可以用「进度 { $number }」看进展。
topic-unknown = 没有「{ $words }」这一类。例如：电梯、照明、垃圾、乱停车、楼上漏水。
progress = { $number }号 { $title }：{ $status }（{ $waited }）
progress-note = 。最近：{ $words }
progress-limit = ，{ $limit }
progress-event = { $at }{ $name } { $event }{ $words }
number-only = { $number }号
card =
    { $number }号 { $title } · { $place } · { $status } { $limit }
    { $at } { $name }：「{ $words }」
progress-none = 您这里没有在办的事。要报事，直接说哪里怎么了。
todo-item = { $number }号 { $title } · { $place } · { $status }{ $late }
todo-none = 现在没有待办的事。
list-more = 还有{ $count }条，回「更多」。
more-none = 没有更多了。
overdue-mark = {"  "}⏰超时
paused-mark = {"  "}（暂停）
why =
    { $number }号为什么是「{ $title }」（{ $domain }）：
    依据 { $terms }
why-by-hand = （人工改过）
why-runner-up = 其次像「{ $title }」
why-void = 没有算的：{ $terms }
why-void-item = 「{ $term }」{ $reason }
void-over = 已经好了
void-denied = 说的是没有
void-elsewhere = 说的是别处
void-hypothetical = 只是假设
void-advert = 像广告
void-notice = 像通知
void-link = 是转发的链接

why-words = 原话：{ $words }
why-rule = { $rule }{ $weight }
why-rules = 加减：{ $rules }，合计{ $score }
why-kind = 类型：{ $kind }
void-fiction = 说的是影视故事
void-abuse = 是骂人的话
void-answer = 是经办人在答复
void-bygone = 说的是从前
void-figurative = 只是打比方
void-offer = 是愿意帮忙，不是求助
void-device = 说的是自己的电器
void-harmless = 这样说没有别的意思
void-praised = 是在夸
void-own-deed = 是说话人自己处理的
void-reissue = 问的是补办
void-snoring = 说的是打呼噜
void-own-pet = 说的是自家的猫狗
rule-ask = 有请求
rule-place = 说到本楼
rule-severity = 说到严重或多次
rule-petition = 像书面诉求
rule-joke = 像玩笑
rule-past = 说的是过去
rule-praise = 像夸人
rule-question = 只是打听
rule-quote = 转述别人的话
rule-advert = 像广告
rule-guess = 像猜测
rule-you = 在问对方
rule-you-there = 在和人聊天
rule-chatty = 像闲聊
rule-rambling = 话长而没说到本楼
rule-tone = 听口气
rule-leaning = 听着更像这一类
kind-enquiry = 咨询
kind-help = 求助
kind-suggestion = 建议
kind-criticism = 批评
kind-complaint = 投诉
kind-denunciation = 举报

status-open = 已登记，等人认领
status-claimed = { $name }处理中
status-resolved = { $name }说已办好，等确认
status-closed = 已销号
status-withdrawn = 已撤销
status-invalid = 未登记
status-merged = 已并入{ $into }号

event-reported = 报事
event-supported = 附议
event-detailed = 补充
event-claimed = 认领
event-noted = 进展
event-resolved = 办结
event-closed = 销号
event-reopened = 重开
event-reclassified = 改类
event-withdrawn = 撤销
event-invalidated = 不登记
event-overdue = 超时
event-acknowledged = 收到
event-assigned = 转派
event-released = 退回
event-rated = 评价
event-merged = 并入
event-absorbed = 并来
event-split = 拆出
event-escalated = 上报
event-extended = 延期
event-paused = 暂停
event-resumed = 继续

button-claim = 认领
button-metoo = 我家也是
button-satisfied = 好了
button-not-mended = 没好
button-resolve = 办结
button-more = 更多

## Private matters

anonymous-in-private = 匿名报事请私聊我，群里说了就不是匿名了。
anonymous-kept = 您的名字不会告诉任何人，{ $number }号有进展我在这里告诉您。
contact =
    { $number }号 { $name }
    地址：{ $place }
    电话：{ $phone }
    这次查看已记录。
contact-no-phone = 没有留电话，可以请我转告
contact-anonymous = { $number }号是匿名报的，没有联系方式。
audit-item = { $at } { $name } { $look } { $number }{ $words }
audit-nobody = 还没有人查看过{ $number }号的详细情况。
not-allowed-audit = 查看记录给社区看。看谁查过您报的事，请回「谁看过 编号」。
look-contact = 查看联系方式
look-sensitive = 查看私密事项
look-export = 导出
look-code = 发码
look-joined = 加入
look-role-ended = 卸任
look-trail = 查看记录
look-sealed = 封存

## Peace and quiet

quiet = 好，{ $until }前我不说话，急事除外。
quiet-over = 好，我又能说话了。
quiet-in-group = 想让哪个群安静，请在那个群里说「安静 2小时」。
not-allowed-quiet = 让我安静要由本楼楼栋长、网格员或社区来说。
gathered-more = （前面还有{ $count }条）

## Points

points = 您现在 { $total }分：{ $parts }。
points-next = 再有{ $missing }分可换{ $item }。
earned = +{ $amount }分（{ $domain }）
domain-care = 关爱他人
sent-privately = 已私聊您。
private-unknown = 这个要私下说，请先私聊我一次。

## Visits

visit-planned = 已安排 { $at } 走访 { $door }{ $who }。前一晚和提前一小时我提醒您。
visit-when-else = { $door }改到哪天？请回「改期 { $room } 周六上午10点」这样的一句。
visit-item = { $at } { $door }
visits-none = 您没有安排走访。要安排请回「安排 302 周六上午10点」。
visit-evening = { $at }走访 { $door }{ $who }。去不了请回「改期 { $room } 新的时间」。
visit-hour = { $at }走访 { $door }{ $who }，还有不到一小时。
visit-recorded = 已记录{ $room }走访。
visit-nobody-home = 已记录{ $room }：没人在家。
visit-joined = { $title }已在{ $number }号里办着。
visit-issue = 另登记 { $number }号：{ $title }。
visit-thanks = 辛苦了。
visit-not-planned = { $room }没有等您去的走访安排。
door-unknown = { $building }没有{ $room }这一户，请看看门牌。
which-door = { $room }是几栋的？例如「安排 5栋302 周六上午10点」。
not-allowed-visits = 走访由楼栋长、网格员和社区安排。
not-allowed-visit = { $building }的走访由本楼的楼栋长安排。
when = { $month }月{ $day }日{ $weekday }{ $clock }
day = { $month }月{ $day }日
today = 今天
tomorrow = 明天
weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日
time-no-day = { $given }不存在，您是说{ $last }还是{ $next }？
time-no-date = { $given }不存在，请再看看日期。
time-no-time = 没有{ $given }这个时间，例如「上午10点」「15:30」。
time-past = { $given }已经过了，请说一个以后的时间。

## Digest

digest-title = { $place } { $month }月{ $day }日
digest-nothing = { $place } { $month }月{ $day }日：没有新增，也没有在办的事。
digest-quiet = { $place } { $month }月{ $day }日：没有新增，在办{ $open }件，均未超时。
digest-overdue = 要决定：{ $count }件超时（{ $items }）
digest-overdue-item = { $building }{ $number }号 { $title } { $waited }
digest-yesterday = 昨天：新增{ $new } 办结{ $resolved } 销号{ $closed }{ $rated }，在办{ $open }
digest-rated = {" "}满意{ $satisfied }/{ $all }
digest-recurring = 反复：{ $items }
digest-domains = 领域：{ $parts }
digest-other = {" "}其他{ $count }
digest-buildings = 楼栋：{ $parts }
digest-visits = 走访：到期{ $due } 完成{ $done } 没人在家{ $nobody }
sensitive-title = 私密事项
not-allowed-digest = 简报给楼栋长、网格员和社区工作人员看。您可以用「进度」看自己报的事。

## People

joined =
    欢迎，{ $who }（{ $places }）。您已加入。
    { $help }
code-wrong = 这个码不对、用过了或者过期了，请向社区再要一个。
code-too-many = 试得太多了，请一小时后再试。
code-in-private = 这个请私聊我说。
code-made =
    { $title }（{ $place } { $name }）的加入码：{ $code }
    请转给本人，私聊我发这个码就行。24小时内有效，只能用一次，不要发到群里。
code-made-group =
    { $place }群的绑定码：{ $code }
    把我拉进群，在群里发「绑定 { $code }」。24小时内有效，只能用一次。
code-not-allowed = 这个码您发不了。楼栋长和网格员给居民、志愿者发，社区给楼栋长、网格员发，街道给社区发。
step-group =
    第2步：把我拉进{ $building }的群，在群里发「绑定」。
    第3步：回来发「待办」，就能看到要办的事。
step-done = { $building }的群绑定好了，邻居在群里说的事我会告诉您。现在回「待办」试试。
head-left = { $who }退出了{ $building }的群，手上的事已请别人办。不再担任的话请回「卸任 姓名」。
role-ended = { $name }已卸任，{ $count }件在办的事已交出来。
role-ended-self = 您在{ $places }的职务结束了，手上的事已交给别人。谢谢您这段时间的辛苦。
end-which = 有几位都叫「{ $name }」，请带上地方，例如「卸任 志愿者 6栋 { $name }」。
end-nobody = 没有找到您能卸任的「{ $name }」。
code-in-group = 加入码请私聊发给我。刚才这个码已经作废，请向社区再要一个。
code-for-group = 这是楼栋群的绑定码，请在群里发「绑定 码」。
bind-in-private = 绑定码要在楼栋群里发。
group-bound = 本群已绑定 { $building }。{ $head }哪里坏了、谁需要帮忙，在群里说一声就行。
bound-head = { $who }，有事我会告诉您。
hello-group = 大家好，我是楼栋小助手。哪里坏了、谁需要帮忙，在群里说一声就行，我会登记编号、告诉楼栋长，一直跟到解决。聊天内容我不保存。私事请私聊我。隐私说明：回「隐私」。
hello-unbound = 本群还没有绑定楼栋，请社区工作人员在群里发「绑定 码」。
hello-private = 您好，我是楼栋小助手。有加入码请回「加入 码」；要报事请带上楼栋，例如「5栋2单元灯不亮」。
gap-staff = 账号{ $account }从{ $since }到{ $until }断开过，{ $groups }群里这段时间的消息没有看到。
gap-group = 我从{ $since }到{ $until }不在线，这段时间的消息没有看到。有事请再说一声。
logged-out-staff = 账号{ $account }掉线了，{ $groups }群里的消息看不到，要用手机重新扫码登录。
logged-in-staff = 账号{ $account }重新登录了，原来的绑定要重新确认：{ $groups }。请给这些群发绑定码，请楼栋长重新用加入码加入；在这之前照常可以报事。
alarm-outbox = 有消息从{ $since }起一直没有发出去，请看看日志。
alarm-silent = { $account }从{ $since }起没有动静，请看看网络和登录。
alarm-disk = 数据库所在的磁盘只剩{ $free }MB了。
bot-removed = { $building }的群把我移出了，那里的消息我看不到了。

## Help

help-group = 哪里坏了、谁需要帮忙，直接在群里说。「进度 12」看进展，「待办」看本楼的事，「积分」查积分。私事请私聊我。
help-resident =
    要报事，直接说哪里怎么了，例如「2单元电梯停在4楼」。
    进度 12：看12号办得怎样
    撤销 12：不用办了 · 谁看过 12：谁查过我报的事
    匿名 3单元有人群租：不留名字报事
    积分：查积分
    隐私：我保存什么
help-volunteer =
    要报事，直接说哪里怎么了。
    进度 12 · 撤销 12 · 积分
    安排 302 周六上午10点：安排走访
    走访完成 302 老人身体好：记录走访
    走访：看我的安排
help-head =
    待办：要办的事 · 12：看12号
    认领 12 · 进展 12 师傅明天来 · 办结 12 换了灯泡
    转派 12 姓名 · 上报 12 原因 · 延期 12 3天 原因 · 暂停 12 原因
    合并 12 15 · 拆分 12 另一件事 · 改类 12 照明 · 无效 12 原因
    联系 12 · 为什么 12 · 群里发「安静 2小时」
    漏记的：引用那条消息回「报事」 · 发码 志愿者 姓名
    安排 302 周六上午10点 · 改期 302 周日上午10点
    走访：我的安排 · 走访完成 302 老人身体好
    简报 · 积分 · 进度 12
help-staff =
    待办：辖区要办的事 · 简报：昨天到现在
    认领 12 · 进展 12 已联系维保 · 办结 12 已修好
    转派 12 姓名 · 上报 12 原因 · 延期 12 3天 原因 · 暂停 12 原因
    合并 12 15 · 拆分 12 另一件事 · 改类 12 照明 · 无效 12 原因
    联系 12 · 谁看过 12 · 为什么 12
    发码 楼栋长 5栋 姓名 · 发码 群 5栋 · 卸任 姓名
    安排 5栋302 周六上午10点 · 走访完成 5栋302 情况
    进度 12 · 积分
privacy = 我只保存登记的诉求和走访记录，给负责的楼栋长和社区看；普通聊天不保存，证件号收到就隐去。想知道或删除您的记录，请私聊社区工作人员。
say-on = 您说，哪里怎么了？不想留名，请在前面加「匿名」两个字。
you-are-welcome = 不客气，有事随时说一声。
hello-known = 您好，我在。哪里坏了、谁需要帮忙，直接说一句就行；其他回「帮助」。
detail-noted = 记下了，补充到{ $number }号里。
not-understood = 没听懂。要报事直接说哪里怎么了；查积分回「积分」；其他回「帮助」。

usage-claim = 请带上编号，例如「认领 12」。
usage-note = 请带上编号和进展，例如「进展 12 师傅明天来」。
usage-resolve = 请带上编号，例如「办结 12 换了灯泡」。
usage-confirm = 请带上编号，例如「满意 12」。
usage-reopen = 请带上编号，例如「没解决 12」。
usage-withdraw = 请带上编号，例如「撤销 12」。
usage-invalid = 请带上编号和原因，例如「无效 12 不是本楼的事」。
usage-relabel = 请带上编号和类别，例如「改类 12 照明」。
usage-metoo = 请带上编号，例如「附议 12」。
usage-status = 请带上编号，例如「进度 12」。
usage-report = 请引用要登记的那条消息回「报事」，或者在后面直接说，例如「报事 楼道灯不亮」。
usage-why = 请带上编号，例如「为什么 12」。
usage-plan = 请带上门牌和时间，例如「安排 302 周六上午10点」。
usage-move = 请带上门牌和新时间，例如「改期 302 周日上午10点」。
usage-visited = 请带上门牌，例如「走访完成 302 老人身体好」。
usage-more = 还要看的话，请先发「待办」。
usage-start = 您好，有加入码请回「加入 码」。
usage-release = 请带上编号，例如「退回 12 去外地了」。
usage-assign = 请带上编号和姓名，例如「转派 12 周小满」。
usage-merge = 请带上编号，例如「合并 12 15」：15号并入12号。
usage-split = 请带上编号和要拆出来的事，例如「拆分 12 二单元垃圾没人清」。
usage-escalate = 请带上编号和原因，例如「上报 12 要动用维修资金」。
usage-extend = 请带上编号、时间和原因，例如「延期 12 3天 等配件」。
usage-pause = 请带上编号和原因，例如「暂停 12 等住户回来」。
usage-resume = 请带上编号，例如「继续 12」。
usage-ack = 请回「收到」，或者「收到 12」。
usage-contact = 请带上编号，例如「联系 12」。
usage-audit = 请带上编号，例如「谁看过 12」。
usage-anonymous = 请把要说的事写在后面，例如「匿名 3单元有人群租」。
usage-quiet = 请说多久，例如「安静 2小时」，最长一天。
usage-code = 请说给谁，例如「发码 楼栋长 5栋 张建国」「发码 志愿者 5栋 周小满」「发码 群 5栋」。
usage-end = 请带上姓名，例如「卸任 张建国」。
usage-join = 请带上加入码，例如「加入 ABCD-EFGH」。
usage-bind = 请本楼楼栋长在群里发「绑定」，或者带上绑定码，例如「绑定 ABCD-EFGH」。

unit-word = 单元
place-unit = { $unit }单元
place-floor = { $floor }楼
role-building-head = 楼栋长
role-grid-worker = 网格员
role-staff = 社区
role-street = 街道
role-volunteer = 志愿者
role-resident = 居民
duration-days = { $days }天
duration-whole-hours = { $hours }小时
duration-hours = { $hours }小时{ $minutes }分
duration-minutes = { $minutes }分钟
why-term = 「{ $term }」{ $weight }
in-brackets = （{ $words }）
after-colon = ：{ $words }
list-comma = 、
list-semicolon = ；
repeat-mark = 【重发】
choice = 回复 { $number } { $label }

## Roster problems, for whoever filled it in

roster-kind = 类别「{ $given }」不认识，请写 街道、社区、网格 或 楼栋
roster-empty = { $column } 是空的
roster-parent = 「{ $name }」要有上级（街道不要上级）
roster-level = 「{ $name }」不能直接放在「{ $parent }」下面
roster-no-place = 没有叫「{ $given }」的地点，请先写进 places
roster-which-place = 有几个地点都叫「{ $given }」，请写「上级/名称」
roster-role = 角色「{ $given }」不认识，请写 居民、志愿者、楼栋长、网格员、社区 或 街道
roster-address = 账号「{ $given }」不对，例如 telegram:123456
roster-duty = 职责「{ $given }」不认识，请写 safety dispute care sanitation civility
roster-not-building = 「{ $name }」不是楼栋
roster-number = 「{ $given }」不是数字
roster-day = 日期「{ $given }」不对，例如 2026-01-31
