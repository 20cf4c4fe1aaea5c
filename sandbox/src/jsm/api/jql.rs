//! The part of JQL that the calls here understand: clauses, `AND`, `OR`, `NOT`, `ORDER BY`. It must
//! not know what the fields mean.

/// A query.
#[derive(Debug)]
pub(super) struct Query {
    /// `None` for one that restricts nothing.
    pub(super) filter: Option<Expression>,
    /// Fields, and whether the highest comes first.
    pub(super) order: Vec<(String, bool)>,
}

/// A filter.
#[derive(Debug)]
pub(super) enum Expression {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Clause { field: String, operator: String, values: Vec<Operand> },
}

/// What a field is compared with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Operand {
    Text(String),
    Empty,
    Call(String, Vec<String>),
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Token {
    Word(String),
    Quoted(String),
    Sign(String),
}

impl Query {
    /// # Errors
    /// With Jira's kind of sentence, for what is no JQL.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { tokens: tokens(text)?, at: 0 };
        let none = parser.at_end() || parser.is_word("order");
        let filter = if none { None } else { Some(parser.any()?) };
        let order = parser.order()?;
        if parser.at_end() { Ok(Self { filter, order }) } else { Err(parser.unexpected()) }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            _ if next.is_whitespace() => drop(rest.next()),
            '"' | '\'' => {
                rest.next();
                tokens.push(Token::Quoted(quoted(&mut rest, next)?));
            }
            '(' | ')' | ',' => {
                rest.next();
                tokens.push(Token::Sign(next.to_string()));
            }
            '=' | '!' | '~' | '<' | '>' => {
                let mut sign = String::new();
                while let Some(part) = rest.next_if(|it| "=!~<>".contains(*it)) {
                    sign.push(part);
                }
                tokens.push(Token::Sign(sign));
            }
            _ => {
                let mut word = String::new();
                let is_part = |it: &char| !it.is_whitespace() && !"\"'(),=!~<>".contains(*it);
                while let Some(part) = rest.next_if(is_part) {
                    word.push(part);
                }
                if word.contains(['{', '}', '*', '+', '&', '|', '^', ';', '?', '/', '\\', '%']) {
                    return Err(format!(
                        "Error in the JQL Query: The character in '{word}' is a reserved JQL \
                         character. You must enclose it in a string or use the correct Unicode \
                         escape."
                    ));
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}

fn quoted(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    quote: char,
) -> Result<String, String> {
    let mut text = String::new();
    while let Some(next) = rest.next() {
        match next {
            '\\' => match rest.next() {
                Some(escaped @ ('"' | '\'' | '\\' | ' ')) => text.push(escaped),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                _ => return Err(illegal("an illegal escape sequence")),
            },
            '\n' | '\r' => return Err(illegal("an unescaped newline")),
            _ if next == quote => return Ok(text),
            _ => text.push(next),
        }
    }
    Err(illegal("a quoted string that has not been completed"))
}

fn illegal(what: &str) -> String {
    format!("Error in the JQL Query: there is {what}.")
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(it)) if it.eq_ignore_ascii_case(word))
    }

    fn took_word(&mut self, word: &str) -> bool {
        let is = self.is_word(word);
        self.at += usize::from(is);
        is
    }

    fn took_sign(&mut self, sign: &str) -> bool {
        let is = self.peek() == Some(&Token::Sign(sign.to_owned()));
        self.at += usize::from(is);
        is
    }

    fn unexpected(&self) -> String {
        format!("Error in the JQL Query: unexpected {:?} at part {}.", self.peek(), self.at)
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.took_word("or") {
            parts.push(self.all()?);
        }
        Ok(Expression::Any(parts))
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.one()?];
        while self.took_word("and") {
            parts.push(self.one()?);
        }
        Ok(Expression::All(parts))
    }

    fn one(&mut self) -> Result<Expression, String> {
        if self.took_word("not") {
            return Ok(Expression::Not(Box::new(self.one()?)));
        }
        if self.took_sign("(") {
            let inner = self.any()?;
            return if self.took_sign(")") { Ok(inner) } else { Err(self.unexpected()) };
        }
        let field = self.text()?.to_lowercase();
        let operator = self.operator()?;
        let values = if self.took_sign("(") { self.list()? } else { vec![self.operand()?] };
        Ok(Expression::Clause { field, operator, values })
    }

    fn text(&mut self) -> Result<String, String> {
        if let Some(Token::Word(text) | Token::Quoted(text)) = self.take() {
            return Ok(text);
        }
        self.at -= 1;
        Err(self.unexpected())
    }

    fn operator(&mut self) -> Result<String, String> {
        let negated = |negated: bool, name: &str| {
            if negated { format!("not {name}") } else { name.to_owned() }
        };
        if self.took_word("is") {
            return Ok(negated(self.took_word("not"), "is"));
        }
        let not = self.took_word("not");
        if self.took_word("in") {
            return Ok(negated(not, "in"));
        }
        match self.take() {
            Some(Token::Sign(sign)) if !not && !"(),".contains(&sign) => Ok(sign),
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    /// The rest of a list, behind its `(`.
    fn list(&mut self) -> Result<Vec<Operand>, String> {
        let mut values = Vec::new();
        while !self.took_sign(")") {
            values.push(self.operand()?);
            if !self.took_sign(",") && self.peek() != Some(&Token::Sign(")".to_owned())) {
                return Err(self.unexpected());
            }
        }
        Ok(values)
    }

    fn operand(&mut self) -> Result<Operand, String> {
        let is_quoted = matches!(self.peek(), Some(Token::Quoted(_)));
        let text = self.text()?;
        if is_quoted {
            return Ok(Operand::Text(text));
        }
        if self.took_sign("(") {
            let argument = |operand| match operand {
                Operand::Text(text) | Operand::Call(text, _) => text,
                Operand::Empty => String::new(),
            };
            let arguments = self.list()?.into_iter().map(argument).collect();
            return Ok(Operand::Call(text.to_lowercase(), arguments));
        }
        let empty = ["empty", "null"].iter().any(|it| text.eq_ignore_ascii_case(it));
        Ok(if empty { Operand::Empty } else { Operand::Text(text) })
    }

    fn order(&mut self) -> Result<Vec<(String, bool)>, String> {
        let mut order = Vec::new();
        if !self.took_word("order") {
            return Ok(order);
        }
        if !self.took_word("by") {
            return Err(self.unexpected());
        }
        loop {
            let field = self.text()?.to_lowercase();
            let descending = self.took_word("desc");
            if !descending {
                self.took_word("asc");
            }
            order.push((field, descending));
            if !self.took_sign(",") {
                return Ok(order);
            }
        }
    }
}
