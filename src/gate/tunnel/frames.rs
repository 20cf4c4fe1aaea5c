//! Follows the frames of one direction of a WebSocket (RFC 6455, section 5.2) without keeping them:
//! where a frame ends, and whether it carries data. It must not know connections.

/// The longest frame header: two bytes, eight of length, four of mask.
const LONGEST_HEAD: usize = 14;

/// The frame that closes a WebSocket with a status and no reason text (RFC 6455, section 5.5.1).
pub(super) fn close_frame(status: u16) -> [u8; 4] {
    let [high, low] = status.to_be_bytes();
    [0x88, 2, high, low]
}

/// Where one direction stands in its frames.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// What has come of the header of the present frame.
    head: Vec<u8>,
    /// Bytes that are still to come of its payload.
    payload: u64,
}

impl Frames {
    /// Follows the next bytes. Returns whether a frame with data began in them. Pings, pongs and
    /// closes carry no data: browsers send them without anybody there.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) -> bool {
        let mut has_data = false;
        while let Some((first, rest)) = bytes.split_first() {
            if self.payload > 0 {
                let present = usize::try_from(self.payload).unwrap_or(usize::MAX).min(bytes.len());
                self.payload -= present as u64;
                bytes = bytes.get(present..).unwrap_or_default();
                continue;
            }
            self.head.push(*first);
            bytes = rest;
            if let Some(head) = Head::parse(&self.head) {
                has_data |= head.opcode < FIRST_CONTROL;
                self.payload = head.payload;
                self.head.clear();
            }
        }
        has_data
    }

    /// Whether a frame of the gate's own could go here.
    pub(super) fn are_whole(&self) -> bool {
        self.head.is_empty() && self.payload == 0
    }
}

/// From here on opcodes are those of control frames.
const FIRST_CONTROL: u8 = 8;

struct Head {
    opcode: u8,
    payload: u64,
}

impl Head {
    /// `None` while bytes are missing.
    fn parse(head: &[u8]) -> Option<Self> {
        debug_assert!(head.len() <= LONGEST_HEAD);
        let [first, second, rest @ ..] = head else { return None };
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let short = second & 0x7f;
        let length = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if rest.len() < length + mask {
            return None;
        }
        let long = rest.iter().take(length).fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        let payload = if length == 0 { u64::from(short) } else { long };
        Some(Self { opcode: first & 0x0f, payload })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const MASK: [u8; 4] = [1, 2, 3, 4];

    fn frame(first: u8, payload: usize, masked: bool) -> Vec<u8> {
        let mut frame = vec![first];
        let flag = if masked { 0x80 } else { 0 };
        match payload {
            0..=125 => frame.push(flag | u8::try_from(payload).unwrap()),
            126..=65535 => {
                frame.push(flag | 0x7e);
                frame.extend(u16::try_from(payload).unwrap().to_be_bytes());
            }
            _ => {
                frame.push(flag | 0x7f);
                frame.extend((payload as u64).to_be_bytes());
            }
        }
        if masked {
            frame.extend(MASK);
        }
        frame.resize(frame.len() + payload, b'x');
        frame
    }

    #[rstest]
    #[case::text(0x81, true)]
    #[case::binary(0x82, true)]
    #[case::continued(0x00, true)]
    #[case::close(0x88, false)]
    #[case::ping(0x89, false)]
    #[case::pong(0x8a, false)]
    fn only_frames_with_data_are_somebodys_doing(#[case] first: u8, #[case] expected: bool) {
        assert_eq!(Frames::default().follow(&frame(first, 5, true)), expected);
    }

    #[rstest]
    #[case(0, false)]
    #[case(125, true)]
    #[case(126, false)]
    #[case(65535, true)]
    #[case(65536, false)]
    fn a_frame_ends_where_its_head_says_however_it_is_cut(
        #[case] payload: usize,
        #[case] masked: bool,
    ) {
        let frame = frame(0x82, payload, masked);
        for size in [1, 3, frame.len()] {
            let mut frames = Frames::default();
            let chunks: Vec<_> = frame.chunks(size).collect();
            let (last, earlier) = chunks.split_last().unwrap();
            for chunk in earlier {
                frames.follow(chunk);
                assert!(!frames.are_whole());
            }
            frames.follow(last);
            assert!(frames.are_whole());
        }
    }

    #[test]
    fn a_close_frame_is_a_whole_frame_without_data() {
        let mut frames = Frames::default();
        assert!(!frames.follow(&close_frame(1008)));
        assert!(frames.are_whole());
        assert_eq!(close_frame(1008), [0x88, 2, 0x03, 0xf0]);
    }
}
