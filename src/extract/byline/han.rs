//! Chinese and Japanese names, which have neither capitals nor blanks: a surname of a known few hundred,
//! and one sign or two, or three.

/// Surnames of one sign, in both ways of writing.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍覃霍翁隋甘景单包司柏宁柯阮桂闵解丘华车冉房边吉饶刁瞿戚古池滕晋闫張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂盧蔣賈葉閻鍾譚鄒陸顧龍萬錢湯賴龔龐蘭顏嚴溫蘆魯韋畢聶叢齊莊塗時關費紀項遊衛鮑單寧閔車邊饒";

/// Surnames of two signs.
const LONG: [&str; 14] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
    "歐陽", "諸葛",
];

/// Words that begin with the sign of a surname and are no names.
const WORDS: [&str; 40] = [
    "文档",
    "文章",
    "文化",
    "方案",
    "方法",
    "高级",
    "高性能",
    "金融",
    "安全",
    "安装",
    "时间",
    "时事",
    "成功",
    "程序",
    "周报",
    "周刊",
    "华为",
    "平安",
    "关于",
    "关注",
    "任务",
    "江苏",
    "向导",
    "解决",
    "常见",
    "古代",
    "武汉",
    "石油",
    "易用",
    "项目",
    "温州",
    "游戏",
    "金属",
    "车联网",
    "管理",
    "管理员",
    "路线图",
    "白皮书",
    "毕业",
    "何时",
];

/// Japanese surnames, the commonest.
const JAPANESE: &str = "佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 渡部 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 \
井上 木村 斎藤 斉藤 齋藤 齊藤 清水 山崎 阿部 安部 池田 橋本 山下 石川 中島 前田 藤田 後藤 小川 岡田 村上 長谷川 近藤 \
石井 坂本 遠藤 青木 藤井 西村 福田 太田 三浦 藤原 松田 岡本 中川 中野 原田 小野 田村 竹内 金子 和田 中山 石田 上田 \
森田 小島 柴田 宮崎 酒井 工藤 横山 宮本 内田 高木 安藤 谷口 大野 丸山 今井 高田 藤本 武田 村田 上野 杉山 増田 平野 \
大塚 千葉 久保 松井 小山 岩崎 桜井 櫻井 野口 松尾 野村 木下 菊地 菊池 佐野 大西 杉本 新井 浜田 市川 古川 水野 小松 \
島田 小池 西田 山内 西川 五十嵐 北村 安田 中田 川口 平田 川崎 飯田 吉川 本田 久保田 沢田 澤田 片山 石原 大橋 松岡 \
馬場 秋山 川上 荒木 黒田 樋口 永井 田口 中西 山中 石橋 森本 大島 松下 大久保 栗原 吉村 熊谷 野田 川村 福島 星野 白石 \
荒井 尾崎 須藤 大川 早川 小沢 小澤 松永 田辺 田邊 関口 望月 永田 菅原 岡崎 内藤 吉岡 広瀬 横田 平井 三宅 河野 桑原 \
中井 奥村 小西 岩田 堀内 土屋 大谷 服部 成田 西山 吉野 足立 矢野 矢島 大石 松村 坂口 浅野 三好 上村 川島 飯塚 田島 \
小田 宮田 榎本 平山 北川 稲垣 福井 岡村 松浦 今村 岩本 大竹 大森 篠原 古田 小笠原 佐久間 小野寺 塚本 奥田 中尾 川田 \
児玉 津田 村山 大場 西尾 関根 畠山 黒川 神谷 森下 柳田 若林 根本 堀江 竹田 杉浦 川端 藤川 金井 鎌田 高野 高山 高島 \
長島 長田 長尾 宮下 宮川 滝沢 瀬戸 牧野 田代 堀田 石塚 大原 大平 大山 小泉 小倉 小原 小森 小堀 丹羽 二宮 三上 三木";

/// Signs that stand behind the names of places, schools and people.
const BEHIND: &str = "県市区町村駅港省庁都府道州島川山湖線戦賞杯氏社店駐";

/// Whether a text is one Japanese name and no more: `松岡大地`.
pub(in crate::extract) fn is_japanese(text: &str) -> bool {
    let sign =
        |c: char| ('\u{3041}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c);
    if !(3..=6).contains(&text.chars().count()) || !text.chars().all(|c| sign(c) || c == '々') {
        return false;
    }
    JAPANESE.split(' ').filter_map(|surname| text.strip_prefix(surname)).any(|given| {
        let count = given.chars().count();
        (1..=3).contains(&count)
            && given.chars().all(sign)
            && !given.ends_with(|c| BEHIND.contains(c))
            && ![
                "大学", "高校", "支局", "支社", "新聞", "選手", "監督", "首相", "さん", "先生",
                "公園", "時代",
            ]
            .iter()
            .any(|word| given.ends_with(word))
    })
}

/// Whether a text is one Chinese or Japanese name and no more.
pub(in crate::extract) fn is_name(text: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if is_japanese(text) {
        return true;
    }
    let count = text.chars().count();
    if !(2..=4).contains(&count) || !text.chars().all(han) || WORDS.contains(&text) {
        return false;
    }
    let long = LONG.iter().any(|surname| text.starts_with(surname));
    long && count >= 3 || count <= 3 && text.chars().next().is_some_and(|c| SURNAMES.contains(c))
}

/// The names in a text that has nothing else but days and clocks beside them: `张伟、王芳 · 2024-03-05`.
pub(in crate::extract) fn names(text: &str) -> Vec<&str> {
    let number = |part: &str| part.chars().all(|c| c.is_ascii_digit() || ":-/.年月日".contains(c));
    let parts = text.split([' ', '、', '，', ',', '·', '|', '/', '\u{a0}', '\u{3000}', '&']);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if parts.len() > 12 || !parts.iter().all(|part| number(part) || is_name(part)) {
        return Vec::new();
    }
    parts.into_iter().filter(|part| is_name(part)).collect()
}

/// The names behind a label in a text: `来源：港口报 作者：张伟、王芳 2024年3月5日`.
pub(in crate::extract) fn labelled(text: &str) -> Vec<&str> {
    const LABELS: [&str; 6] = ["作者", "撰文", "撰稿", "文", "记者", "記者"];
    let labelled = |(at, sign): (usize, &str)| {
        let before = &text[..at];
        let label = LABELS.iter().find(|label| before.ends_with(**label))?;
        // `原文：` and `正文：` are no labels of writers.
        let open = before[..before.len() - label.len()].chars().next_back();
        let alone = open.is_none_or(|c| !c.is_alphabetic())
            || before.ends_with("本文作者")
            || before.contains("来源");
        let rest = text[at + sign.len()..].trim_start();
        let end = rest.find([' ', '\u{3000}', '|', '（', '(', '；']).unwrap_or(rest.len());
        alone.then(|| names(&rest[..end])).filter(|names| !names.is_empty())
    };
    let mut signs = text.match_indices(['：', ':']);
    signs.find_map(labelled).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_surname_and_a_sign_or_two() {
        for (text, name) in [
            ("张伟", true),
            ("欧阳雪", true),
            ("司马相如", true),
            ("王小波", true),
            ("文档", false),
            ("港口", false),
            ("张", false),
            ("Wang", false),
            ("张伟的港口", false),
            ("松岡大地", true),
            ("佐々木はな", true),
            ("福島県", false),
            ("千葉大学", false),
        ] {
            assert_eq!(is_name(text), name, "{text}");
        }
    }

    #[test]
    fn names_stand_beside_days_or_behind_labels() {
        assert_eq!(names("张伟 李强 · 2024-10-27"), ["张伟", "李强"]);
        assert_eq!(names("张伟说港口结冰了"), [""; 0]);
        assert_eq!(names("2024-10-27"), [""; 0]);
        assert_eq!(labelled("来源：港口报 作者：张伟、王芳 2022年9月1日 16:14"), ["张伟", "王芳"]);
        assert_eq!(labelled("本文作者： 张伟"), ["张伟"]);
        assert_eq!(labelled("来源：张伟"), [""; 0]);
    }
}
