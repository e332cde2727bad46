//! What a program costs.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of a program took.
#[derive(Clone, Copy)]
pub struct Cost {
    /// Seconds.
    pub wall: f64,
    /// Seconds of processor time, of all threads.
    pub cpu: f64,
    /// The most memory held, in bytes, mapped files among it.
    pub peak: u64,
}

/// Runs a program to its end; `None` where it fails.
pub fn measure(command: &mut Command) -> Option<Cost> {
    let before = children_cpu();
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let ended = loop {
        if let Ok(text) = std::fs::read_to_string(&status)
            && let Some(line) = text.lines().find(|line| line.starts_with("VmHWM"))
            && let Some(kilobytes) = line.split_whitespace().nth(1)
        {
            peak = kilobytes.parse::<u64>().unwrap_or(0) * 1024;
        }
        if let Some(ended) = child.try_wait().ok()? {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let wall = begun.elapsed().as_secs_f64();
    // 1 is an answer too: nothing found.
    matches!(ended.code(), Some(0 | 1)).then_some(Cost { wall, cpu: children_cpu() - before, peak })
}

/// Seconds of processor time of all programs that were run and have ended.
fn children_cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    // Fields 16 and 17 of proc(5), in hundredths of a second.
    after.split_whitespace().skip(13).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>()
        / 100.0
}
