//! How large a fund is worth its cost.

use super::level::Level;

/// The level whose value at risk costs least, `1 − r/κ`: where one more unit in the fund costs as
/// much as it saves. `capital` is `r`, what a unit in the fund costs a year; `shortfall` is `κ`,
/// what a unit that is missing costs, times the severe episodes a year. `None`: a unit costs as
/// much as it saves at best, and no fund is the cheapest; or it costs nothing, and none is large
/// enough. Rule `SIZ-020`.
pub fn cost_level(capital: f64, shortfall: f64) -> Option<Level> {
    (capital > 0.0 && capital < shortfall).then(|| Level::nearest(1.0 - capital / shortfall))?
}
