//! Pictures: size, sameness, ink, and inputs at the edge. With `CHART_OUT=DIR` the sample
//! pictures are also written there, to be looked at.

use deleverage::report::chart::heatmap::{self, Cell};
use deleverage::report::chart::{Caption, ChartError, HEIGHT, WIDTH};

fn caption(headline: &str) -> Caption {
    Caption {
        headline: headline.to_owned(),
        subtitle: "Binance USD-M · ETHUSDT · hourly bars, 17–22 May 2021 · mark price · n = 1,680 \
                   · n_eff = 18 · entry at the close · seed 7"
            .to_owned(),
        footer: "Overlapping windows: intervals come from a moving-block bootstrap. Isolated \
                 margin, no top-ups, taker fees and funding paid."
            .to_owned(),
    }
}

/// Decodes a picture, checks its size, and keeps it where `CHART_OUT` points.
fn look(name: &str, png: &[u8]) -> Vec<u8> {
    if let Ok(folder) = std::env::var("CHART_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (WIDTH, HEIGHT));
    pixels
}

fn sample_heatmap() -> heatmap::Input {
    let leverages = vec![2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0];
    let horizons = vec![1.0, 4.0, 24.0, 72.0, 168.0];
    let panel = |title: &str, scale: f64| heatmap::Panel {
        title: title.to_owned(),
        cells: leverages
            .iter()
            .map(|l: &f64| {
                horizons
                    .iter()
                    .map(|h: &f64| {
                        let share =
                            (1.0 - (-scale * l.powf(1.9) * h.sqrt() / 900.0).exp()).clamp(0.0, 1.0);
                        let width = (share * (1.0 - share) / 18.0).sqrt();
                        Some(Cell {
                            share,
                            low: (share - width).max(0.0),
                            high: (share + 1.3 * width).min(1.0),
                        })
                    })
                    .collect()
            })
            .collect(),
    };
    let mut panels = vec![panel("Long", 1.0), panel("Short", 0.45)];
    panels[1].cells[6][4] = None;
    panels[0].cells[0][0] = Some(Cell { share: 0.0, low: 0.0, high: 0.002 });
    heatmap::Input {
        caption: caption(
            "A 10x long opened in the week of 19 May 2021 was liquidated within 24 hours in 32 of \
             100 cases; at 3x it was 4 of 100",
        ),
        leverages: leverages.clone(),
        horizons: horizons.clone(),
        panels,
    }
}

#[test]
fn heatmap_sample() {
    let png = heatmap::render(&sample_heatmap()).unwrap();
    look("heatmap", &png);
}

#[test]
fn heatmap_without_cells_is_an_error() {
    assert!(matches!(heatmap::render(&heatmap::Input::default()), Err(ChartError::NoData(_))));
}
