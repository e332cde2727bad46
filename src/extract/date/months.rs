//! Names of months, in the languages that archives are written in.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// The number of the month that `word` (lower case, without a full stop) names.
pub(super) fn number(word: &str) -> Option<i8> {
    NAMES.get(word).copied()
}

static NAMES: LazyLock<FxHashMap<&'static str, i8>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    for (month, row) in (1..).zip(TABLE) {
        for name in row.split_whitespace() {
            names.entry(name).or_insert(month);
        }
    }
    names
});

/// One row a month. Where two languages disagree on a word, the first row has it.
const TABLE: [&str; 12] = [
    "january jan januar jänner jaenner janvier janv enero ene gennaio gen janeiro januari januára \
     január styczeń stycznia sty leden ledna led január janar ianuarie ian siječanj siječnja \
     tammikuu tammikuuta tammi январь января янв січень січня січ януари януар јануар ocak oca \
     ιανουάριος ιανουαρίου ιαν gener gen sausio sausis janvāris janvārī jaanuar يناير كانون जनवरी \
     janúar janúara",
    "february feb febr februar feber février févr fev fév febrero febbraio fevereiro februari \
     február februára luty lutego lut únor února úno februarie veljača veljače helmikuu \
     helmikuuta helmi февраль февраля фев февр лютий лютого лют февруари фебруар şubat şub \
     φεβρουάριος φεβρουαρίου φεβ febrer vasario vasaris februāris februārī veebruar فبراير \
     शباط फरवरी febrúar pebruari fevr",
    "march mar märz maerz mrz mars marzo março marco maart mrt marts marec marca marzec března \
     březen bře március márc martie ožujak ožujka maaliskuu maaliskuuta maalis март марта мар \
     березень березня бер mart μάρτιος μαρτίου μαρ μάρ març kovo kovas märts marta martā maret \
     مارس मार्च mac",
    "april apr avril avr abril abr aprile aprila apríl apríla kwiecień kwietnia kwi duben dubna \
     dub április ápr aprilie travanj travnja huhtikuu huhtikuuta huhti апрель апреля апр квітень \
     квітня кві април nisan nis απρίλιος απριλίου απρ balandžio balandis aprīlis aprīlī aprill \
     أبريل ابريل अप्रैल",
    "may mai mayo maggio mag maio mei maj máj mája maja květen května kvě május mai svibanj \
     svibnja toukokuu toukokuuta touko май мая травень травня тра мај mayıs μάιος μαΐου μαϊ \
     maig gegužės gegužė maijs maijā مايو मई maí",
    "june jun juni juin junio giugno giu junho jún júna jún czerwiec czerwca cze červen června \
     čvn június jún iunie iun lipanj lipnja kesäkuu kesäkuuta kesä июнь июня июн червень червня \
     чер юни јун haziran haz ιούνιος ιουνίου ιουν juny birželio birželis jūnijs jūnijā juuni \
     يونيو जून júní",
    "july jul juli juillet juil julio luglio lug julho júl júla lipiec lipca lip červenec \
     července čvc július júl iulie iul srpanj srpnja heinäkuu heinäkuuta heinä июль июля июл \
     липень липня лип юли јул temmuz tem ιούλιος ιουλίου ιουλ juliol liepos liepa jūlijs jūlijā \
     juuli يوليو जुलाई júlí",
    "august aug août aout agosto ago augustus augusti augusta sierpień sierpnia sie srpen srpna \
     srp augusztus kolovoz kolovoza elokuu elokuuta elo август августа авг серпень серпня сер \
     ağustos ağu αύγουστος αυγούστου αυγ agost rugpjūčio rugpjūtis augusts augustā أغسطس अगस्त \
     ágúst agustus ogos",
    "september sept sep septembre septiembre setiembre settembre set setembro septembra wrzesień \
     września wrz září zář szeptember szept septembrie rujan rujna syyskuu syyskuuta syys \
     сентябрь сентября сен сент вересень вересня вер септември септембар eylül eyl σεπτέμβριος \
     σεπτεμβρίου σεπ setembre rugsėjo rugsėjis septembris septembrī سبتمبر सितंबर सितम्बर septiembr",
    "october oct okt oktober octobre octubre ottobre ott outubro out októbra október październik \
     października paź říjen října říj október octombrie lokakuu lokakuuta loka октябрь октября \
     окт жовтень жовтня жов октомври октобар ekim eki οκτώβριος οκτωβρίου οκτ octubre spalio \
     spalis oktobris oktobrī oktoober أكتوبر اكتوبر अक्टूबर",
    "november nov novembre noviembre novembro novembra listopad listopada lis listopadu lis \
     noiembrie studeni studenoga studenog marraskuu marraskuuta marras ноябрь ноября ноя нояб \
     листопад листопада лис ноември новембар kasım kas νοέμβριος νοεμβρίου νοε lapkričio \
     lapkritis novembris novembrī نوفمبر नवंबर नवम्बर nóvember",
    "december dec dez dezember décembre déc diciembre dic dicembre dezembro decembra grudzień \
     grudnia gru prosinec prosince pro decembrie prosinac prosinca joulukuu joulukuuta joulu \
     декабрь декабря дек грудень грудня гру декември децембар aralık ara δεκέμβριος δεκεμβρίου \
     δεκ desembre gruodžio gruodis decembris decembrī detsember ديسمبر दिसंबर दिसम्बर desember \
     des desember disember",
];
