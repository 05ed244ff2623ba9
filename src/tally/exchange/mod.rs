//! Statistics over worlds, and what one world's journal adds up to. Rules `STA-008` to `STA-012`.

mod accounts;
mod bands;
mod bucket;
mod deleveraged;
mod liquidations;
mod lots;
mod record;
mod resting;
mod rungs;
mod spread;
mod worlds;

pub use accounts::Accounts;
pub use bands::{Band, Bands, SERIES};
pub use bucket::{Bucket, Census, buckets, in_quote};
pub use deleveraged::{Concentration, Deleveraging, Part, concentration, deleveragings};
pub use liquidations::{Forced, liquidations};
pub use lots::OpenLots;
pub use record::{Noted, Record};
pub use resting::{resting, resting_on};
pub use rungs::{RUNGS, Rung, RungSpread, rungs};
pub use spread::Spread;
pub use worlds::{Orders, Worlds, order_of};
