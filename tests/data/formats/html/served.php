<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<title>Harbour frozen - The Skarra Courier</title>
<meta property="og:title" content="Harbour frozen"><meta property="og:site_name" content="The Skarra Courier"><meta property="article:published_time" content="2021-02-10"><meta property="article:section" content="Islands"><meta name="author" content="Ines Valk"><link rel="canonical" href="https://courier.example/islands/harbour-frozen">
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Harbour frozen</h1>
<p>The old harbour froze over on Tuesday night for the first time in thirty years, and by morning the ferries to Skarra had been tied up at the north quay with their lamps still burning.</p>
<p>Harbour master Ada Nagy said the ice was eleven centimetres thick at the inner wall and that no vessel without a strengthened bow would be let out before the weekend, whatever the owners said.</p>
<p>Shopkeepers on the island counted their shelves. “We have flour for nine days and coffee for two,” said Tom Reed, who keeps the store beside the church. “The coffee will be the trouble.”</p>
<p>The council has asked the coast guard for an icebreaker, which lies at Westersiel and would need two days to come round the cape. Its crew was called back from leave on Wednesday afternoon.</p></article>
<footer><p>Copyright The Skarra Courier. <a href="/terms">Terms</a> <a href="/privacy">Privacy</a></p></footer>
</body></html>
