use crate::money::Rate;
#[derive(Debug, Default)]
pub struct CrossWatch {
    all: Vec<u32>,
    due: Vec<u32>,
}
impl CrossWatch {
    pub fn clear(&mut self) {
        self.all.clear();
        self.due.clear();
    }
    pub fn arm(&mut self, account: u32, _: Rate) {
        self.all.push(account);
    }
    pub fn moved(&mut self, _: Rate) {
        self.due = std::mem::take(&mut self.all);
        self.due.sort();
        self.due.dedup();
        self.due.reverse();
    }
    pub fn next(&mut self) -> Option<u32> {
        self.due.pop()
    }
}
