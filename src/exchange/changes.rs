//! What changed since the books were last looked at.

/// The values that some places had before they changed, each once.
#[derive(Debug)]
pub(super) struct Changes<T> {
    before: Vec<(u32, T)>,
    listed: Vec<bool>,
}

impl<T> Default for Changes<T> {
    fn default() -> Self {
        Self { before: Vec::new(), listed: Vec::new() }
    }
}

impl<T> Changes<T> {
    /// Forgets everything, and keeps its memory for so many places.
    pub fn clear(&mut self, places: usize) {
        self.before.clear();
        self.listed.clear();
        self.listed.resize(places, false);
    }

    /// A place is about to change, and still has this value.
    pub fn note(&mut self, place: usize, value: T) {
        if !std::mem::replace(&mut self.listed[place], true) {
            self.before.push((place as u32, value));
        }
    }

    /// Every place that changed, with its value before; from now on nothing has changed.
    pub fn take(&mut self) -> impl Iterator<Item = (usize, T)> {
        let listed = &mut self.listed;
        self.before.drain(..).map(|(place, value)| {
            let place = place as usize;
            listed[place] = false;
            (place, value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Changes;

    #[test]
    fn a_place_is_named_once_with_what_it_was_at_first() {
        let mut changes = Changes::default();
        changes.clear(4);
        for (place, value) in [(2, "a"), (0, "b"), (2, "c")] {
            changes.note(place, value);
        }
        assert_eq!(changes.take().collect::<Vec<_>>(), [(2, "a"), (0, "b")]);
        changes.note(2, "d");
        assert_eq!(changes.take().collect::<Vec<_>>(), [(2, "d")]);
        assert_eq!(changes.take().count(), 0);
    }
}
