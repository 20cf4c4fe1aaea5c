//! A customer's way in headless Chromium, with a picture of each page.
