//! XXH64, the checksum that the name of a cached file carries.
//!
//! It tells damage, not malice: whoever can write to the folder can also write a matching sum. It
//! is several times as fast as SHA-256 where that has instructions of its own. Defined in the
//! xxHash specification, version 0.1.1 (Y. Collet), whose names the constants have.

const PRIME_1: u64 = 0x9e37_79b1_85eb_ca87;
const PRIME_2: u64 = 0xc2b2_ae3d_27d4_eb4f;
const PRIME_3: u64 = 0x1656_67b1_9e37_79f9;
const PRIME_4: u64 = 0x85eb_ca77_c2b2_ae63;
const PRIME_5: u64 = 0x27d4_eb2f_1656_67c5;

/// Bytes that are taken in at once, eight a lane.
const STRIPE: usize = 32;

/// The sum of what has been written to it, under seed 0.
#[derive(Debug, Clone)]
pub struct Checksum {
    lanes: [u64; 4],
    /// What does not fill a stripe yet.
    rest: Vec<u8>,
    length: u64,
}

impl Checksum {
    pub fn new() -> Self {
        let lanes = [PRIME_1.wrapping_add(PRIME_2), PRIME_2, 0, PRIME_1.wrapping_neg()];
        Self { lanes, rest: Vec::with_capacity(STRIPE), length: 0 }
    }

    pub fn take(&mut self, mut bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u64);
        if !self.rest.is_empty() {
            let (head, tail) = bytes.split_at(bytes.len().min(STRIPE - self.rest.len()));
            self.rest.extend_from_slice(head);
            bytes = tail;
            if self.rest.len() < STRIPE {
                return;
            }
            stripes(&mut self.lanes, &self.rest);
            self.rest.clear();
        }
        let (whole, rest) = bytes.split_at(bytes.len() - bytes.len() % STRIPE);
        stripes(&mut self.lanes, whole);
        self.rest.extend_from_slice(rest);
    }

    pub fn sum(&self) -> u64 {
        let start = match self.length < STRIPE as u64 {
            true => PRIME_5,
            false => self.converged(),
        };
        let sum = remaining(start.wrapping_add(self.length), &self.rest);
        let sum = (sum ^ (sum >> 33)).wrapping_mul(PRIME_2);
        let sum = (sum ^ (sum >> 29)).wrapping_mul(PRIME_3);
        sum ^ (sum >> 32)
    }

    fn converged(&self) -> u64 {
        let turned = self.lanes.iter().zip([1, 7, 12, 18]).map(|(lane, by)| lane.rotate_left(by));
        let start = turned.fold(0, u64::wrapping_add);
        self.lanes.iter().fold(start, |sum, &lane| {
            (sum ^ round(0, lane)).wrapping_mul(PRIME_1).wrapping_add(PRIME_4)
        })
    }
}

#[inline]
fn round(lane: u64, word: u64) -> u64 {
    lane.wrapping_add(word.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1)
}

fn stripes(lanes: &mut [u64; 4], bytes: &[u8]) {
    for stripe in bytes.as_chunks::<STRIPE>().0 {
        for (lane, word) in lanes.iter_mut().zip(stripe.as_chunks::<8>().0) {
            *lane = round(*lane, u64::from_le_bytes(*word));
        }
    }
}

/// Takes in what is shorter than a stripe: words of eight, of four, and bytes.
fn remaining(mut sum: u64, bytes: &[u8]) -> u64 {
    let (words, bytes) = bytes.as_chunks::<8>();
    for word in words {
        sum ^= round(0, u64::from_le_bytes(*word));
        sum = sum.rotate_left(27).wrapping_mul(PRIME_1).wrapping_add(PRIME_4);
    }
    let (words, bytes) = bytes.as_chunks::<4>();
    for word in words {
        sum ^= u64::from(u32::from_le_bytes(*word)).wrapping_mul(PRIME_1);
        sum = sum.rotate_left(23).wrapping_mul(PRIME_2).wrapping_add(PRIME_3);
    }
    for byte in bytes {
        sum ^= u64::from(*byte).wrapping_mul(PRIME_5);
        sum = sum.rotate_left(11).wrapping_mul(PRIME_1);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(bytes: &[u8]) -> u64 {
        let mut checksum = Checksum::new();
        checksum.take(bytes);
        checksum.sum()
    }

    /// What `xxh64sum` and other implementations print.
    #[test]
    fn sums_are_those_of_other_implementations() {
        assert_eq!(sum(b""), 0xef46_db37_51d8_e999);
        assert_eq!(sum(b"a"), 0xd24e_c4f1_a98c_6e5b);
        assert_eq!(sum(b"abc"), 0x44bc_2cf5_ad77_0999);
        let long = b"Nobody inspects the spammish repetition";
        assert_eq!(sum(long), 0xfbce_a83c_8a37_8bf1);
    }

    proptest! {
        #[test]
        fn pieces_sum_to_the_whole(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            cuts in proptest::collection::vec(0_usize..200, 0..5),
        ) {
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut checksum = Checksum::new();
            cuts.windows(2).for_each(|pair| checksum.take(&bytes[pair[0]..pair[1]]));
            prop_assert_eq!(checksum.sum(), sum(&bytes));
        }

        #[test]
        fn one_changed_byte_shows(
            bytes in proptest::collection::vec(any::<u8>(), 1..200),
            at in any::<proptest::sample::Index>(),
            flip in 1_u8..,
        ) {
            let mut other = bytes.clone();
            other[at.index(bytes.len())] ^= flip;
            prop_assert_ne!(sum(&other), sum(&bytes));
        }
    }
}
