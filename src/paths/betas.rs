//! How much further other assets fall when bitcoin does. Rule `PTH-005`.

/// Fall of one asset in one crash.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CrashFall {
    /// Base asset, in capitals.
    pub asset: &'static str,
    /// Share of the price that was lost.
    pub fall: f64,
}

/// Where [`FALLS`] comes from.
pub const SOURCE: &str = "Hyperliquid, 10 October 2025: falls of its perpetual contracts in the \
                          crash; assets that the source lists together share the middle of their \
                          range";

const fn fall(asset: &'static str, fall: f64) -> CrashFall {
    CrashFall { asset, fall }
}

/// Falls of Hyperliquid's perpetual contracts on 10 October 2025.
pub const FALLS: [CrashFall; 22] = [
    fall("BTC", 0.177),
    fall("ETH", 0.26),
    fall("BNB", 0.37),
    fall("SOL", 0.39),
    fall("ZEC", 0.55),
    fall("XRP", 0.59),
    fall("LTC", 0.64),
    fall("ADA", 0.655),
    fall("DOGE", 0.655),
    fall("LINK", 0.655),
    fall("AVAX", 0.73),
    fall("POPCAT", 0.73),
    fall("CRV", 0.775),
    fall("PUMP", 0.775),
    fall("ENA", 0.775),
    fall("LDO", 0.775),
    fall("WIF", 0.82),
    fall("BONK", 0.82),
    fall("PENGU", 0.82),
    fall("SUI", 0.82),
    fall("FARTCOIN", 0.88),
    fall("AI16Z", 0.88),
];

/// Fall of a symbol's base asset; `None` where the table has none.
pub fn fall_of(symbol: &str) -> Option<f64> {
    let base = base(symbol);
    FALLS.iter().find(|row| row.asset == base).map(|row| row.fall)
}

/// Log return of one symbol for each log return of another in the crash of [`FALLS`]:
/// `ln(1 − fall) / ln(1 − fall of reference)`; `None` where the table lacks one of them.
///
/// In logs, because shocks and jumps are: a ratio of plain falls would take a symbol that has lost
/// nine tenths below zero as soon as the reference falls a little further.
pub fn beta(symbol: &str, reference: &str) -> Option<f64> {
    let log = |symbol| fall_of(symbol).map(|fall| libm::log1p(-fall));
    Some(log(symbol)? / log(reference)?)
}

/// The base asset of a perpetual contract's symbol: `BTC` of `BTCUSDT`, `XBTUSD` and `BTC-PERP`,
/// `BONK` of `kBONK` and `1000BONKUSDT`.
fn base(symbol: &str) -> String {
    let symbol = symbol.strip_prefix('k').unwrap_or(symbol);
    let symbol = symbol.trim_start_matches("1000").to_ascii_uppercase();
    let head = symbol.split(['-', '_', '/']).next().unwrap_or_default();
    let quotes = ["USDT", "USDC", "BUSD", "USD"];
    let base = quotes.iter().find_map(|quote| head.strip_suffix(quote));
    match base.filter(|base| !base.is_empty()).unwrap_or(head) {
        "XBT" => "BTC".to_owned(),
        base => base.to_owned(),
    }
}
