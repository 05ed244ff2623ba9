//! Price history: what was traded, what was marked, what funding was settled.
//!
//! A [`History`] is columns of exact prices on uniform steps of one interval. It is checked at
//! the door: whoever holds one may rely on strictly rising times, `low ≤ open, close ≤ high`,
//! positive prices, and gaps and moved opens that were declared.
//!
//! Files become a history in three steps: a [`Format`] of the one list [`FORMATS`] reads a file
//! into a [`RawSeries`]; the series is checked on its own; [`assemble`] joins the series by time.
//! [`load`] does all of it for a request, [`survey`] tells what is wrong with one file.

mod assemble;
mod bars;
mod cache;
mod check;
mod chunks;
mod column;
mod columns;
mod defects;
pub mod event;
mod formats;
mod grid;
mod held;
mod kept;
mod load;
mod number;
mod opens;
mod paths;
mod raw;
mod registry;
mod source;
mod stamp;
mod survey;
mod text;
mod track;

pub use assemble::{Terms, assemble};
pub use bars::{Bars, Funding, GapPolicy, History, Interval, MarkSource, Segment};
pub use cache::Cache;
pub use column::Column;
pub use columns::{ColumnRef, Columns};
pub use formats::{is_parquet, parquet};
pub use load::{LoadRequest, Loaded, SourceFile, Sources, load};
pub use opens::OpenPolicy;
pub use raw::{Kind, RawSeries, VOLUME_DECIMALS, volume_column};
pub use registry::{FORMATS, Format};
pub use stamp::{TimeUnit, rfc3339};
pub use survey::{Extreme, Survey, survey};
