-- Calls that made an image, a film or a voice, and so may state one side of their usage only: who reads a line must know
-- it when its span is long gone. The operations are those of class Half of lint.
CREATE TABLE IF NOT EXISTS media_calls (
  tenant LowCardinality(String),
  trace_id String,
  span_id String
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, trace_id, span_id);

CREATE MATERIALIZED VIEW IF NOT EXISTS media_calls_of_spans TO media_calls AS
SELECT tenant, trace_id, span_id FROM spans WHERE operation IN ('image', 'image_generation', 'aimage_generation',
  'image_edit', 'aimage_edit', 'image_variation', 'aimage_variation', 'video_generation', 'avideo_generation',
  'text_to_speech', 'speech', 'aspeech');

-- What was loaded before.
INSERT INTO media_calls
SELECT tenant, trace_id, span_id FROM spans WHERE operation IN ('image', 'image_generation', 'aimage_generation',
  'image_edit', 'aimage_edit', 'image_variation', 'aimage_variation', 'video_generation', 'avideo_generation',
  'text_to_speech', 'speech', 'aspeech');
