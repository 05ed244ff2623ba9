//! Rust source as a reader skims it: without comments, literals and tests.

use super::tree;
use std::ops::Range;

/// One source file.
pub struct Source {
    pub file: String,
    pub text: String,
    /// The text with comments and literals blanked out, byte for byte and line for line.
    pub code: String,
    /// [`Self::code`] with everything below `#[cfg(test)]` blanked out as well.
    pub shipped: String,
}

/// A function with a body.
pub struct Function {
    pub name: String,
    pub parameters: String,
    /// From `fn` to the closing brace, in bytes.
    pub span: Range<usize>,
}

impl Source {
    pub fn read(file: &str) -> Self {
        let text = tree::read(file);
        let code = blanked(&text, &literals(&text));
        let shipped = blanked(&code, &tests(&code));
        Self { file: file.to_owned(), text, code, shipped }
    }

    pub fn place(&self, offset: usize) -> String {
        let line = self.code[..offset].matches('\n').count() + 1;
        format!("{}:{line}", self.file)
    }

    /// The lines that a function takes up, signature and closing brace included.
    pub fn lines(&self, function: &Function) -> usize {
        self.code[function.span.clone()].lines().count()
    }
}

pub fn sources(below: &str) -> Vec<Source> {
    tree::rust(below).iter().map(|file| Source::read(file)).collect()
}

fn blanked(text: &str, spans: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for byte in spans.iter().flat_map(|span| span.clone()) {
        if bytes[byte] != b'\n' {
            bytes[byte] = b' ';
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Comments, texts and characters.
fn literals(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        match literal(rest, at > 0 && is_word(text.as_bytes()[at - 1])) {
            Some(length) => {
                spans.push(at..at + length);
                at += length;
            }
            None => at += 1,
        }
    }
    spans
}

/// The length of the comment or literal that begins here.
fn literal(rest: &[u8], within_word: bool) -> Option<usize> {
    match rest {
        [b'/', b'/', ..] => Some(line_end(rest)),
        [b'/', b'*', ..] => Some(block_comment(rest)),
        [b'"', ..] => Some(quoted(rest, b'"')),
        [b'r', ..] if !within_word => raw(rest),
        [b'b', b'r', ..] if !within_word => raw(&rest[1..]).map(|length| length + 1),
        [b'\'', b'\\', ..] => Some(quoted(rest, b'\'')),
        [b'\'', ..] => character(rest),
        _ => None,
    }
}

fn line_end(rest: &[u8]) -> usize {
    rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// `r"…"`, `r#"…"#`; `None` for a word that begins with r.
fn raw(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    (rest.get(1 + hashes) == Some(&b'"')).then_some(())?;
    let end = [&b"\""[..], &b"#".repeat(hashes)].concat();
    let body = 2 + hashes;
    let close = rest[body..].windows(end.len()).position(|window| window == end)?;
    Some(body + close + end.len())
}

/// `'x'`; `None` for a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    let close = rest.iter().skip(2).take(4).position(|byte| *byte == b'\'')? + 2;
    let one = std::str::from_utf8(&rest[1..close]).ok()?.chars().count() == 1;
    one.then_some(close + 1)
}

/// The items below `#[cfg(test)]`.
fn tests(code: &str) -> Vec<Range<usize>> {
    code.match_indices("#[cfg(test)]").map(|(at, _)| at..body_end(code, at).1).collect()
}

/// Where the body that follows opens, if it has one, and where the item ends.
fn body_end(code: &str, from: usize) -> (Option<usize>, usize) {
    let mut depth = 0;
    let mut open = None;
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'{' if depth == 0 => {
                open = Some(at);
                depth += 1;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b';' if depth == 0 => return (None, at + 1),
            _ => continue,
        }
        if depth == 0 && open.is_some() {
            return (open, at + 1);
        }
    }
    (open, code.len())
}

pub fn functions(code: &str) -> Vec<Function> {
    words(code, "fn").filter_map(|at| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Function> {
    let after = code[at + 2..].trim_start();
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if name.is_empty() {
        return None;
    }
    let (open, end) = body_end(code, at);
    let parameters = code[at..open?].to_owned();
    Some(Function { name, parameters: between_parentheses(&parameters), span: at..end })
}

/// What stands in the first pair of parentheses that is no part of a generic parameter.
fn between_parentheses(signature: &str) -> String {
    let mut depth = 0;
    let mut angle = 0;
    let mut inside = String::new();
    for letter in signature.replace("->", "  ").chars() {
        match letter {
            '<' if depth == 0 => angle += 1,
            '>' if depth == 0 => angle -= 1,
            '(' if angle == 0 => depth += 1,
            ')' if angle == 0 => depth -= 1,
            _ => {}
        }
        match depth {
            0 if inside.is_empty() => {}
            0 => break,
            _ => inside.push(letter),
        }
    }
    inside.split_off(inside.len().min(1))
}

/// Where a whole word stands.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let bytes = code.as_bytes();
        let clear = |byte: Option<&u8>| !byte.is_some_and(|byte| is_word(*byte));
        clear(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && clear(bytes.get(at + word.len()))
    })
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[test]
fn skims_as_a_reader_does() {
    let text = "fn a<'x, F: Fn(u8)>(b: &'x str, c: F) -> [u8; 2] {\n  \"fn {\"; 'é'; '\\''; \
                r#\"}\"#; // }\n}\n#[cfg(test)]\nmod tests { fn q() {} }\nfn z();\n";
    let code = blanked(text, &literals(text));
    let found = functions(&code);
    let names: Vec<&str> = found.iter().map(|function| &*function.name).collect();
    assert_eq!(names, ["a", "q"]);
    assert_eq!(found[0].parameters, "b: &'x str, c: F");
    assert_eq!(code[found[0].span.clone()].lines().count(), 3);
    assert!(!blanked(&code, &tests(&code)).contains('q'));
}
