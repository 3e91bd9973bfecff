"""Calls by which native code of a library opens files past Python's own functions.

Module -> [(attribute, what it does with a path, position of the path, its name)]; `self` counts as a
position. What it does: `read`, `write` (anew), `change` (in place, or anew), `mode` (told by the
argument after it: r, r+, w, x, a), `both` (read or written, seen by whether it changes meanwhile),
`folder` (writes whatever it wants below the path).
"""
PATHS = {
    'torch': [('from_file', 'change', 0, 'filename')],
    'torch.serialization': [
        ('_open_zipfile_writer_file.__init__', 'write', 1, 'name'),
        ('_open_zipfile_reader.__init__', 'read', 1, 'name_or_buffer'),
    ],
    'torch.jit._serialization': [
        ('save', 'write', 1, 'f'),
        ('load', 'read', 0, 'f'),
    ],
    'torch.jit._script': [
        # Torch copies the methods of the one to the other, which a traced module is.
        (kind + '.' + name, 'write', 1, 'f')
        for kind in ('RecursiveScriptModule', 'ScriptModule')
        for name in ('save', '_save_for_lite_interpreter')
    ],
    'torch.export': [
        ('save', 'write', 1, 'f'),
        ('load', 'read', 0, 'f'),
    ],
    'torchvision.io.image': [
        ('read_file', 'read', 0, 'path'),
        ('write_file', 'write', 0, 'filename'),
    ],
    'torchaudio': [
        ('load', 'read', 0, 'uri'),
        ('info', 'read', 0, 'uri'),
        ('save', 'write', 0, 'uri'),
    ],
    'safetensors': [
        ('safe_open', 'read', 0, 'filename'),
        ('serialize_file', 'write', 1, 'filename'),
    ],
    'h5py._hl.files': [('File.__init__', 'mode', 1, 'name')],
    'tables.file': [('open_file', 'mode', 0, 'filename')],
    'netCDF4': [('Dataset', 'mode', 0, 'filename')],
    'xgboost.core': [
        ('Booster.load_model', 'read', 1, 'fname'),
        ('Booster.save_model', 'write', 1, 'fname'),
        ('DMatrix.__init__', 'read', 1, 'data'),
        ('DMatrix.save_binary', 'write', 1, 'fname'),
        ('Booster.dump_model', 'write', 1, 'fout'),
    ],
    'lightgbm.basic': [
        ('Booster.__init__', 'read', 3, 'model_file'),
        ('Booster.save_model', 'write', 1, 'filename'),
        ('Booster.predict', 'read', 1, 'data'),
        ('Dataset._lazy_init', 'read', 1, 'data'),
        ('Dataset.save_binary', 'write', 1, 'filename'),
    ],
    'catboost.core': [
        ('Pool.__init__', 'read', 1, 'data'),
        ('Pool.__init__', 'read', 3, 'column_description'),
        ('Pool.__init__', 'read', 4, 'pairs'),
        ('CatBoost.load_model', 'read', 1, 'fname'),
        ('CatBoost.save_model', 'write', 1, 'fname'),
    ],
    'pyarrow': [
        ('memory_map', 'mode', 0, 'path'),
        ('create_memory_map', 'write', 0, 'path'),
        ('OSFile', 'mode', 0, 'path'),
        ('input_stream', 'read', 0, 'source'),
        ('output_stream', 'write', 0, 'source'),
    ],
    'pyarrow.parquet.core': [
        ('read_table', 'read', 0, 'source'),
        ('read_pandas', 'read', 0, 'source'),
        ('read_metadata', 'read', 0, 'where'),
        ('read_schema', 'read', 0, 'where'),
        ('ParquetFile.__init__', 'read', 1, 'source'),
        ('ParquetDataset.__init__', 'read', 1, 'path_or_paths'),
        ('ParquetWriter.__init__', 'write', 1, 'where'),
        ('write_metadata', 'write', 1, 'where'),
        ('write_to_dataset', 'folder', 1, 'root_path'),
    ],
    'pyarrow.dataset': [
        ('dataset', 'read', 0, 'source'),
        ('write_dataset', 'folder', 1, 'base_dir'),
    ],
    'pyarrow.csv': [
        ('read_csv', 'read', 0, 'input_file'),
        ('open_csv', 'read', 0, 'input_file'),
        ('write_csv', 'write', 1, 'output_file'),
        ('CSVWriter', 'write', 0, 'sink'),
    ],
    'pyarrow.json': [('read_json', 'read', 0, 'input_file')],
    'pyarrow.feather': [
        ('read_feather', 'read', 0, 'source'),
        ('read_table', 'read', 0, 'source'),
        ('write_feather', 'write', 1, 'dest'),
    ],
    'pyarrow.orc': [
        ('read_table', 'read', 0, 'source'),
        ('ORCFile.__init__', 'read', 1, 'source'),
        ('write_table', 'write', 1, 'where'),
    ],
    'pyarrow.ipc': [
        ('open_file', 'read', 0, 'source'),
        ('open_stream', 'read', 0, 'source'),
        ('new_file', 'write', 0, 'sink'),
        ('new_stream', 'write', 0, 'sink'),
        ('RecordBatchFileWriter.__init__', 'write', 1, 'sink'),
        ('RecordBatchStreamWriter.__init__', 'write', 1, 'sink'),
    ],
    'scipy.io._fast_matrix_market': [
        ('mmread', 'read', 0, 'source'),
        ('mminfo', 'read', 0, 'source'),
        ('mmwrite', 'write', 0, 'target'),
    ],
    'cv2': [
        ('imread', 'read', 0, 'filename'),
        ('imreadmulti', 'read', 0, 'filename'),
        ('imwrite', 'write', 0, 'filename'),
        ('imwritemulti', 'write', 0, 'filename'),
        ('VideoCapture', 'read', 0, 'filename'),
        ('VideoWriter', 'write', 0, 'filename'),
    ],
    'cv2.dnn': [
        (name, 'read', position, '')
        for name in ('readNet', 'readNetFromONNX', 'readNetFromCaffe', 'readNetFromTensorflow',
                     'readNetFromDarknet', 'readNetFromTorch') for position in (0, 1)
    ],
    'onnx.checker': [('check_model', 'read', 0, 'model')],
    'onnx.shape_inference': [('infer_shapes_path', 'read', 0, 'model_path'),
                             ('infer_shapes_path', 'write', 1, 'output_path')],
    'PIL.ImageFont': [('FreeTypeFont.__init__', 'read', 1, 'font')],
    'onnxruntime.capi.onnxruntime_inference_collection': [
        ('InferenceSession.__init__', 'read', 1, 'path_or_bytes'),
    ],
    'pyreadstat': [
        ('read_' + form, 'read', 0, 'filename_path')
        for form in ('sav', 'dta', 'sas7bdat', 'sas7bcat', 'xport', 'por')
    ] + [('write_' + form, 'write', 1, 'dst_path') for form in ('sav', 'dta', 'xport', 'por')],
    'soundfile': [('SoundFile.__init__', 'mode', 1, 'file')],
    'faiss': [
        ('read_index', 'read', 0, 'fname'),
        ('read_index_binary', 'read', 0, 'fname'),
        ('write_index', 'write', 1, 'fname'),
        ('write_index_binary', 'write', 1, 'fname'),
    ],
    'sentencepiece': [
        ('SentencePieceProcessor.LoadFromFile', 'read', 1, 'arg'),
    ],
    'fasttext': [('load_model', 'read', 0, 'path'), ('train_supervised', 'read', 0, 'input'),
                 ('train_unsupervised', 'read', 0, 'input')],
    'fasttext.FastText': [('_FastText.save_model', 'write', 1, 'path')],
    'tokenizers': [
        ('Tokenizer.from_file', 'read', 0, 'path'),
        ('Tokenizer.save', 'write', 1, 'path'),
        ('Tokenizer.train', 'read', 1, 'files'),
    ],
    'tokenizers.models': [
        (kind + '.' + name, 'read', position, '')
        for kind in ('BPE', 'WordPiece', 'WordLevel')
        for name in ('from_file', 'read_file') for position in (1, 2)
    ] + [(kind + '.save', 'folder', 1, 'folder')
         for kind in ('BPE', 'WordPiece', 'WordLevel', 'Unigram')],
    '_gdbm': [('open', 'both', 0, '')],
    '_dbm': [('open', 'read', 0, ''), ('open', 'prefix', 0, '')],
    'lmdb': [('open', 'both', 0, 'path'), ('Environment', 'both', 0, 'path')],
    'rasterio': [('open', 'mode', 0, 'fp')],
    'fiona': [('open', 'mode', 0, 'fp')],
    'pyogrio': [
        (name, 'read', 0, 'path_or_buffer')
        for name in ('read_dataframe', 'read_info', 'read_arrow', 'open_arrow', 'read_bounds',
                     'list_layers')
    ] + [('write_dataframe', 'write', 1, 'path'), ('write_arrow', 'write', 1, 'path')],
    # In the package, not in its modules: what Cython compiled there wants the class itself.
    'pysam': [
        ('FastaFile', 'read', 0, 'filename'),
        ('FastxFile', 'read', 0, 'filename'),
        ('TabixFile', 'read', 0, 'filename'),
        ('AlignmentFile', 'mode', 0, 'filename'),
        ('VariantFile', 'mode', 0, 'filename'),
        ('tabix_index', 'both', 0, 'filename'),
    ],
    'cyvcf2': [('VCF', 'read', 0, 'fname'), ('Writer', 'write', 0, 'fname')],
    'rdkit.Chem.rdmolfiles': [
        (name, 'read', 0, '')
        for name in ('SDMolSupplier', 'SmilesMolSupplier', 'MaeMolSupplier', 'TDTMolSupplier',
                     'MultithreadedSDMolSupplier', 'MultithreadedSmilesMolSupplier',
                     'ForwardSDMolSupplier', 'MolFromMolFile', 'MolFromMol2File', 'MolFromPDBFile',
                     'MolFromXYZFile', 'MolFromMrvFile', 'MolFromPNGFile', 'MolFromTPLFile')
    ] + [
        (name, 'write', position, '')
        for position, names in enumerate((
            ('SDWriter', 'SmilesWriter', 'PDBWriter', 'MaeWriter', 'TDTWriter'),
            ('MolToMolFile', 'MolToV3KMolFile', 'MolToPDBFile', 'MolToXYZFile', 'MolToMrvFile',
             'MolToCMLFile', 'MolToTPLFile')))
        for name in names
    ],
    'SimpleITK': [
        ('ReadImage', 'read', 0, 'fileName'),
        ('WriteImage', 'write', 1, 'fileName'),
        ('ImageFileReader.SetFileName', 'read', 1, 'FileName'),
        ('ImageSeriesReader.SetFileNames', 'read', 1, 'FileNames'),
        ('ImageFileWriter.SetFileName', 'write', 1, 'FileName'),
    ],
    'fitsio.fitslib': [('FITS.__init__', 'mode', 1, 'filename')],
    'hnswlib': [
        (kind + '.' + name, act, 1, 'path_to_index')
        for kind in ('Index', 'BFIndex')
        for name, act in (('load_index', 'read'), ('save_index', 'write'))
    ],
    'usearch.index': [
        ('Index.load', 'read', 1, 'path_or_buffer'),
        ('Index.view', 'read', 1, 'path_or_buffer'),
        ('Index.save', 'write', 1, 'path_or_buffer'),
    ],
    'mappy': [('Aligner', 'read', 0, 'fn_idx_in'), ('fastx_read', 'read', 0, 'fn')],
    'lxml.etree': [('parse', 'read', 0, 'source'), ('iterparse', 'read', 0, 'source'),
                   ('xmlfile', 'write', 0, 'output_file')],
    'decord': [('VideoReader', 'read', 0, 'uri')],
    'av': [('open', 'mode', 0, 'file')],
    'llama_cpp': [('Llama.__init__', 'read', 1, 'model_path')],
    'ctranslate2': [('Translator', 'read', 0, 'model_path'), ('Generator', 'read', 0, 'model_path')],
    'polars': [
        (kind + '_' + form, 'read', 0, 'source')
        for kind in ('read', 'scan')
        for form in ('csv', 'csv_batched', 'parquet', 'ipc', 'ipc_stream', 'json', 'ndjson', 'avro',
                     'excel', 'delta')
    ],
    'polars.dataframe.frame': [
        ('DataFrame.write_' + form, 'write', 1, 'workbook' if form == 'excel' else 'file')
        for form in ('csv', 'parquet', 'ipc', 'ipc_stream', 'json', 'ndjson', 'avro', 'excel')
    ],
    'polars.lazyframe.frame': [
        ('LazyFrame.sink_' + form, 'write', 1, 'path')
        for form in ('csv', 'parquet', 'ipc', 'ndjson')
    ],
    'duckdb': [
        (name, 'read', 0, '')
        for name in ('read_csv', 'read_parquet', 'read_json', 'from_csv_auto', 'from_parquet')
    ] + [('connect', 'both', 0, 'database')],
    'tensorflow.python.lib.io.file_io': [('FileIO.__init__', 'mode', 1, 'name')],
    'tensorflow.python.lib.io.tf_record': [('TFRecordWriter.__init__', 'write', 1, 'path')],
    'tensorflow.python.ops.gen_io_ops': [
        ('read_file', 'read', 0, 'filename'),
        ('write_file', 'write', 0, 'filename'),
    ],
    'tensorflow.python.ops.summary_ops_v2': [
        ('create_file_writer_v2', 'folder', 0, 'logdir'),
    ],
    'tensorflow.python.saved_model.save': [('save', 'folder', 1, 'export_dir')],
    'tensorflow.python.saved_model.load': [('load', 'read', 0, 'export_dir')],
    'tensorflow.python.data.ops.readers': [
        ('TFRecordDatasetV2.__init__', 'read', 1, 'filenames'),
        ('TextLineDatasetV2.__init__', 'read', 1, 'filenames'),
        ('FixedLengthRecordDatasetV2.__init__', 'read', 1, 'filenames'),
    ],
    'tensorflow.python.checkpoint.functional_saver': [
        ('MultiDeviceSaver.save', 'prefix', 1, 'file_prefix'),
        ('MultiDeviceSaver.restore', 'read', 1, 'file_prefix'),
    ],
}
# What is given to it is not looked into.
BLIND = {
    'tensorstore': 'files that tensorstore opens',
    'ray': 'files of processes that ray has started before this run',
    'pyspark': 'files that Spark reads and writes in its own processes',
    'jpype': 'files that Java opens',
}
