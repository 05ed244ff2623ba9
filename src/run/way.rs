//! The way from a report to the folder of its scenario, so that both can move together.

use std::path::{Component, Path, PathBuf, absolute};

/// `to` as seen from `from`, with a step up for every folder that they do not share; `to` itself
/// where there is no such way (another drive) or no current folder.
pub fn between(from: &Path, to: &Path) -> PathBuf {
    let whole = |path: &Path| absolute(if path == Path::new("") { Path::new(".") } else { path });
    let (Ok(start), Ok(end)) = (whole(from), whole(to)) else { return to.to_owned() };
    let (start, end) = (plain(&start), plain(&end));
    let shared = start.iter().zip(&end).take_while(|(one, other)| one == other).count();
    if shared == 0 {
        return to.to_owned();
    }
    let up = start[shared..].iter().map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(end[shared..].iter().copied()).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

/// Without `.`, and with every `..` taken.
fn plain(path: &Path) -> Vec<Component<'_>> {
    let mut parts = Vec::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_up_and_down_again() {
        for (from, to, way) in [
            ("/a/reports/run", "/a/scenarios", "../../scenarios"),
            ("/a/run", "/a", ".."),
            ("/a", "/a/b/c", "b/c"),
            ("/a/./b", "/a/c/../b", "."),
            ("reports/run", "", "../.."),
        ] {
            assert_eq!(between(Path::new(from), Path::new(to)), Path::new(way), "{from} {to}");
        }
    }
}
