//! Chinese names, which have neither capitals nor blanks: a surname of a known few hundred, and one sign
//! or two.

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

/// Whether a text is one Chinese name and no more.
pub(in crate::extract) fn is_name(text: &str) -> bool {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
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
        let alone = open.is_none_or(|c| !c.is_alphabetic()) || before.ends_with("本文作者");
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
